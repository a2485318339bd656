#include "base/hash.h"

#include "base/xxh.h"

hp_hash hp_hash_of(const void *bytes, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return (hp_hash){hash.high64, hash.low64};
}

bool hp_hash_equal(hp_hash a, hp_hash b)
{
    return a.low == b.low && a.high == b.high;
}

bool hp_hash_is_odd(hp_hash hash)
{
    return hash.low & 1;
}

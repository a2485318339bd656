/* Things that belong together, whatever joins them: parent[i] is another of the set that i is in, or i itself. */
#ifndef HP_DETECT_UNION_H
#define HP_DETECT_UNION_H

#include <stddef.h>

/* The one that stands for the set of i, its least; the paths are halved on the way (Tarjan and van Leeuwen 1984). */
static inline size_t hp_union_root(size_t *parent, size_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static inline void hp_union_join(size_t *parent, size_t a, size_t b)
{
    size_t root_a = hp_union_root(parent, a), root_b = hp_union_root(parent, b);
    if (root_a < root_b)
        parent[root_b] = root_a;
    else
        parent[root_a] = root_b;
}

#endif

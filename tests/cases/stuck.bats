# Stuck pixels at the level of most others: nothing tells them but that they never change.
load helpers

setup_file() {
    export RAW=$BATS_FILE_TMPDIR/raw
    shopt -s nullglob
    "$PYTHON" -c 'import json, sys
grid = [(x, y) for y in range(40, 440, 80) for x in range(40, 640, 120)]
json.dump({"defects": [{"x": x, "y": y, "class": "stuck", "strength": 400} for x, y in grid]}, sys.stdout)' \
        >"$BATS_FILE_TMPDIR/stuck.json"
    "$CAMSIM" --size 640x480 --number 10 --seed 8 --defects "$BATS_FILE_TMPDIR/stuck.json" --format dng "$RAW"
    scanned "$RAW"
}

@test "ten raw photos tell all, as stuck, and nothing else" {
    run -0 judge "$RAW" '(sum(bool(hits(p)) for p in planted), len(false()), sorted({d["kind"] for d in found}))'
    [ "$output" = "[25, 0, [\"stuck\"]]" ]
}

@test "raw samples have no blocks to warn of, wherever the pixels are" {
    run -0 judge "$RAW" 'camera["checks"]["block_share"]'
    [ "$output" = 1 ] || [ "$output" = 1.0 ]
    run ! grep compression "$RAW/said"
}

@test "five tell most of them" {
    mkdir "$BATS_TEST_TMPDIR/five"
    cp "$RAW"/photo-000[1-5].dng "$RAW/defects.json" "$BATS_TEST_TMPDIR/five"
    scanned "$BATS_TEST_TMPDIR/five"
    run -0 judge "$BATS_TEST_TMPDIR/five" '(sum(bool(hits(p)) for p in planted) >= 18, len(false()))'
    [ "$output" = "[true, 0]" ]
}

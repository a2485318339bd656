#!/usr/bin/python3
"""Style and script of the report as C: embed.py OUT.c report.css SCRIPT.js... The scripts become one, in this order."""
import base64
import hashlib
import pathlib
import sys


def asset(name, text):
    data = text.encode()
    if b"</" in data.replace(b"</g>", b""):
        raise SystemExit(f"{name} holds '</', which could end its element")
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    rows = [", ".join(str(byte) for byte in data[i : i + 24]) for i in range(0, len(data), 24)]
    return (f"static const unsigned char {name}_text[] = {{\n" + ",\n".join(rows) + f", 0}};\n"
            f"const hp_asset hp_report_{name} = {{{name}_text, sizeof {name}_text - 1, \"sha256-{digest}\"}};\n")


def main(out, css, *scripts):
    read = [pathlib.Path(script).read_text() for script in scripts]
    script = '"use strict";\n(function () {\n' + "\n".join(read) + "\n})();\n"
    pathlib.Path(out).write_text('#include "report/assets.h"\n\n' + asset("style", pathlib.Path(css).read_text()) + asset("script", script))


main(*sys.argv[1:])

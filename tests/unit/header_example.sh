#!/bin/sh
# Prints the program that opens include/hotpix.h: header_example.sh HEADER OUTPUT
sed -n '/^ \*     #include/,/^ \*     }/p' "$1" | sed 's/^ \* \{0,5\}//' >"$2"

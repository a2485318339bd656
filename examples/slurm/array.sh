#!/bin/sh
# A scan in parts that know nothing of each other, then one state of them all:
#   sbatch --array=0-15 array.sh PHOTOS PARTS    a job for each part, in any order, again and again if need be
#   sbatch --dependency=afterok:JOB merge.sh PARTS ALL.fits
# The photos are dealt out by their place in the sorted list, so that neighbours in time go to different parts: near-
# duplicates are then counted in several parts, and answered when detecting (docs/state.md). --similar keep makes the
# merged state that of one scan, byte for byte. PHOTOS must not change between the first job and the last.
#SBATCH --job-name=hotpix-part
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=08:00:00
#SBATCH --signal=TERM@300
set -eu
photos=${1:?usage: sbatch --array=0-N array.sh PHOTOS PARTS}
parts=${2:?usage: sbatch --array=0-N array.sh PHOTOS PARTS}
part=${SLURM_ARRAY_TASK_ID:?to be started with sbatch --array}
count=${SLURM_ARRAY_TASK_COUNT:?to be started with sbatch --array}
first=${SLURM_ARRAY_TASK_MIN:-0}

mkdir -p "$parts"
export state="$parts/part-$part.fits"
# What xargs cannot give to one run goes to several, each of which grows the state. Exit status 3: all is done, but
# damaged photos were skipped; the state knows them.
# shellcheck disable=SC2016 # the inner shell is to expand it
find "$photos" -type f -print0 | LC_ALL=C sort -z | sed -z -n "$((part - first + 1))~${count}p" |
    xargs -0 -r sh -c 'hotpix scan --similar keep --quiet -j "${SLURM_CPUS_PER_TASK:-0}" --state "$state" "$@" || [ $? -eq 3 ]' hotpix

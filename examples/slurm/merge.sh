#!/bin/sh
# After array.sh:  sbatch --dependency=afterok:JOB merge.sh PARTS ALL.fits
#SBATCH --job-name=hotpix-merge
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --time=01:00:00
set -eu
parts=${1:?usage: sbatch merge.sh PARTS ALL.fits}
all=${2:?usage: sbatch merge.sh PARTS ALL.fits}

hotpix merge --force -o "$all" "$parts"/part-*.fits
hotpix detect "$all" -o "${all%.fits}.json" --force

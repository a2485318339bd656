#!/bin/sh
# One scan by many processes:  sbatch mpi.sh PHOTOS STATE
# Photos are dealt out to all processes; the first one has the state and prints the result. The output is that of one
# process, byte for byte. Let each process have one core (-j 1) and the memory of a state and its photos:
# about 60 bytes a pixel of 8 bit photos, 100 above.
#SBATCH --job-name=hotpix
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=08:00:00
#SBATCH --signal=TERM@300
#SBATCH --requeue
# Five minutes before the time is over all processes get SIGTERM: what was done is saved. Started again, with the same
# line, the scan goes on from there; so it does after a node failed, from the last checkpoint.
set -eu
photos=${1:?usage: sbatch mpi.sh PHOTOS STATE}
state=${2:?usage: sbatch mpi.sh PHOTOS STATE}

mpirun -n "${SLURM_NTASKS:-1}" hotpix-mpi scan -j 1 --quiet "$photos" --state "$state" -o "${state%.fits}.json" --force

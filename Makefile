# A thin front to meson. Two targets do all the set-up on a fresh Debian: scan and test.
#   make scan [PHOTOS=folder] [ARGS='-o bad.json']   make test   make bench   make install [DESTDIR=] [PREFIX=]   make deb   make fuzz [HOURS=]   make sanitize   make accuracy [FULL=1]
BUILD ?= build
PREFIX ?= /usr/local
PHOTOS ?=
ARGS ?=

.PHONY: all build scan demo test sanitize soak bench kernels accuracy history install deb fuzz clean

all: build

# --libdir: a Debian without dpkg-dev would get /usr/local/lib64, where no library is looked for.
build:
	@tools/packages build
	@[ -f $(BUILD)/build.ninja ] || meson setup --prefix $(PREFIX) --libdir lib $(BUILD) >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@said=$$(ninja -C $(BUILD) --quiet) || { echo "$$said"; exit 1; }

# zsh and dash leave ~ to the program. 3, some photos were no good, is not for make to call an error.
scan: build
	@photos="$(PHOTOS)"; case "$$photos" in "~"|"~/"*) photos="$$HOME$${photos#?}";; esac; \
	if [ -n "$$photos" ]; then $(BUILD)/cli/hotpix scan "$$photos" $(ARGS) || [ $$? -eq 3 ]; else $(MAKE) --no-print-directory demo; fi

# A sample set that the project makes itself, and how many of its planted pixels are found.
demo: build
	@tools/demo $(BUILD)

test: build
	@tools/packages test
	@meson setup --reconfigure $(BUILD) >$(BUILD).log 2>&1 || { cat $(BUILD).log; exit 1; }
	@said=$$(ninja -C $(BUILD) --quiet) || { echo "$$said"; exit 1; }
	@tests/run $(BUILD)

# The tests again under sanitizers, each in a build folder of its own. ARGS=address or ARGS=threads: one of them.
sanitize:
	@tools/packages test
	@tests/sanitize/sanitize $(ARGS)

# 50 scans killed at random moments must end as undisturbed ones, 6 000 photos disturbed in every way too; and 10 000
# damaged photos among good ones must not matter.
soak: build
	@tools/packages test
	@tests/state/soak $(BUILD)
	@MUTATED=10000 FILE_TIMEOUT=3000 tests/run $(BUILD) mutated

bench: build
	@tools/packages test
	@/usr/bin/python3 bench/bench.py --build $(BUILD) $(ARGS)
	@/usr/bin/python3 bench/raw.py --build $(BUILD)
	@/usr/bin/python3 bench/repair.py --build $(BUILD)
	@/usr/bin/python3 bench/states.py --build $(BUILD)

# FULL=1: from 300 photos, too.
accuracy: build
	@tools/packages test
	@/usr/bin/python3 bench/accuracy.py --build $(BUILD) $(if $(FULL),--full) $(ARGS)
	@/usr/bin/python3 bench/rivals.py --build $(BUILD)
	@/usr/bin/python3 bench/cases.py --build $(BUILD)

# How well history dates bad pixels; ARGS=--speed: how fast.
history: build
	@tools/packages test
	@/usr/bin/python3 bench/history.py --build $(BUILD) $(ARGS)

# Nanoseconds a sample of every kernel at every CPU level.
kernels: build
	@$(BUILD)/tests/kernels/test_kernels --bench

install: build
	@meson install -C $(BUILD) --no-rebuild --quiet $(if $(DESTDIR),--destdir $(DESTDIR))
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" -ne 0 ] || ldconfig

# hotpix, libhotpix1 and libhotpix-dev for Debian.
deb:
	@tools/packages deb
	@tools/deb out/deb

# Every target for its share of HOURS; what fails is kept in build-fuzz/found.
HOURS ?= 1
fuzz: build
	@tools/packages test
	@HOTPIX=$(CURDIR)/$(BUILD)/cli/hotpix CAMSIM=$(CURDIR)/$(BUILD)/tools/camsim/camsim HOTPIX_BUILD=$(CURDIR)/$(BUILD) \
	    /usr/bin/python3 tests/fuzz/run_fuzz.py --hours $(HOURS)

clean:
	rm -rf $(BUILD) $(BUILD).log

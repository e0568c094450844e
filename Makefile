# Sluice: `make demo` and `make test` are all that a fresh Debian machine with a Swift toolchain needs.

PREFIX  ?= /usr/local
SWIFT   ?= swift
SLUICE   = .build/release/sluice
SOURCES  = Sources Tests Examples Package.swift
MANUAL   = .build/plugins/GenerateManual/outputs/SluiceCLI

# What building needs, and what the tests have as oracles: other people's encoders and decoders.
PACKAGES = libx264-dev libvpx-dev libaom-dev libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libseccomp-dev pkg-config \
           ffmpeg x264 vpx-tools aom-tools python3 python3-numpy strace
# Either decodes and plays what was written, in make browser-test; the first is in Debian only since version 12.
BROWSERS = chromium-headless-shell chromium
# What the tests of the farms' templates need, and what of it is not in Debian, for a Python of its own.
FARM       = slurm-wlm munge parallel python3-venv
FARM_TOOLS = .build/farm-tools
FARM_WHEELS = openjd-cli==0.8.0 kubernetes-validate==1.37.0
FIND_BROWSER = { command -v chromium-headless-shell || command -v chromium; } >/dev/null

# The program carries the Swift runtime in itself, so that it runs where no toolchain is.
ifeq ($(shell uname -s),Linux)
STATIC = --static-swift-stdlib
endif

.PHONY: help docs setup browser-setup farm-setup build lint format test unit-test browser-test farm-test fault-test fuzz soak asan \
        asan-core tsan tsan-core demo bench scaling install clean

help:
	@echo "make demo     build, encode a moving test picture to demo.h264, verify it"
	@echo "make test     lint, build, run all tests"
	@echo "make unit-test run the quick tests of the types that decide: under 90 seconds once built"
	@echo "make browser-test  decode and play streams of every kind in a headless Chromium (make browser-setup installs it)"
	@echo "make fault-test  provoke every fault there is a way to provoke, and show what came of it (SEED=NUMBER repeats a run)"
	@echo "make fuzz     feed every parser with made-up bytes (SECONDS=$(SECONDS) for each; ONLY=PARSER)"
	@echo "make farm-test  have a Slurm, GNU parallel and others encode a plan by the templates (make farm-setup installs them)"
	@echo "make soak     random encodes and faults, in process and then by the program (MINUTES=$(MINUTES) each; SEED=NUMBER repeats them)"
	@echo "make build    build the program: $(SLUICE)"
	@echo "make install  install the program, its man pages and shell completions to PREFIX ($(PREFIX))"
	@echo "make lint     check the format and the layers of the sources (python3 Tests/Layers/run.py --graph prints the arrows)"
	@echo "make format   format the sources"
	@echo "make tsan     run the tests under ThreadSanitizer; make asan: under AddressSanitizer, with leaks (tsan-core and asan-core:"
	@echo "              those of the core, and of the parsers and writers)"
	@echo "make docs     build the documentation as a web site in .build/docs; what leads nowhere is an error"
	@echo "make bench    compare speed, memory and realtime quality with ffmpeg and x264 (CLIP=FILE: on real video)"
	@echo "make scaling  measure what a farm's time is made of, and say how long many workers need"

# Installs the packages that are missing, by sudo where we are not root.
setup:
	@command -v $(SWIFT) >/dev/null || { echo "there is no Swift toolchain: see swift.org/install" >&2; exit 1; }
	@if command -v dpkg-query >/dev/null; then \
	    missing=$$(for package in $(PACKAGES); do \
	        dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	    if [ -n "$$missing" ]; then \
	        if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	        echo "installing" $$missing; \
	        $$sudo apt-get update -qq && \
	        $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	    fi; \
	elif command -v brew >/dev/null; then brew list x264 libvpx aom ffmpeg >/dev/null 2>&1 || brew install x264 libvpx aom ffmpeg; \
	else echo "not Debian: please install what these are there: $(PACKAGES)"; fi

# The browser is a hundred megabytes, so that it is not installed unasked.
browser-setup:
	@if ! $(FIND_BROWSER); then \
	    if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	    $$sudo apt-get update -qq; \
	    for package in $(BROWSERS); do \
	        echo "installing $$package"; \
	        $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$package >/dev/null && break; \
	    done; \
	    $(FIND_BROWSER) || { echo "none of $(BROWSERS) can be installed here" >&2; exit 1; }; \
	fi

# Slurm and GNU parallel, for make farm-test; what is missing of it then is skipped.
farm-setup:
	@$(MAKE) --no-print-directory setup PACKAGES="$(FARM)"
	@test -x $(FARM_TOOLS)/bin/openjd || \
	    { python3 -m venv $(FARM_TOOLS) && $(FARM_TOOLS)/bin/pip install -q --disable-pip-version-check $(FARM_WHEELS); } || \
	    echo "cannot be installed here: $(FARM_WHEELS)" >&2

build: setup
	@$(SWIFT) build -c release --product sluice $(STATIC) 2>&1 | grep -v 'mktemp' || true
	@test -x $(SLUICE) && $(SWIFT) build -c release --product sluice $(STATIC) >/dev/null

# The format of the sources, and their layout: arrows between targets and folders point one way.
lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@cd Tests/Layers && python3 -B test_run.py 2>&1 | tail -n 1 && python3 -B run.py

format:
	$(SWIFT) format --in-place --recursive $(SOURCES)

# Modules' tests run one after another: those that wait for a process would keep the few threads that others' tasks run on,
# and time limits would be missed for no other reason. The tests of the program are processes of their own.
test: setup lint build
	@$(call named_failures,$(SWIFT) test --no-parallel --skip '$(PROGRAM_TESTS)|SoakTests')
	@$(call named_failures,SLUICE_PROGRAM=$(CURDIR)/$(SLUICE) $(SWIFT) test --skip-build --filter '$(PROGRAM_TESTS)')
	@if $(FIND_BROWSER); then python3 Tests/BrowserTests/run.py $(SLUICE); \
	else echo "skipped: the tests in a browser, as there is none (make browser-setup installs one)"; fi
	@$(call named_failures,$(SWIFT) test --skip-build --no-parallel --filter SoakTests)
	@python3 Tests/FaultTests/run.py $(SLUICE)

# Types that decide: rules, plans, formats, levels, places, memory, the command line. The suites that have FFmpeg and x264 as oracles for
# hundreds of streams are left out, and so is a manifest that is made to be huge; they are in make test.
UNIT_TESTS = VideoTypesTests|ThreadingTests|PlacesTests|BitstreamTests|ContainersTests|JobsTests|MediaTests|EncodingTests|ShardsTests|$\
             AnalysisTests|BatchTests|SluiceCLITests
SLOW_TESTS = \.(AV1StreamTests|RewritingTests|SliceHeaderTests|SequenceParameterSetTests)/|ManifestTextTests/products
unit-test: setup
	@$(call named_failures,$(SWIFT) test --no-parallel --filter '^($(UNIT_TESTS))\.' --skip '$(SLOW_TESTS)')

# Runs tests, and says again at the end what failed: a log that is cut off is cut off at its beginning.
TEST_LOG = .build/test.log
define named_failures
{ $(1) 2>&1; echo $$? >$(TEST_LOG).status; } | tee $(TEST_LOG); \
    status=$$(cat $(TEST_LOG).status); \
    if [ "$$status" != 0 ]; then echo; echo "what failed:"; grep -E '✘|error:|Fatal' $(TEST_LOG) | tail -n 40; fi; exit $$status
endef

# What a browser makes of the streams, chunk by chunk, is what ffmpeg makes of them, to the bit.
browser-test: build
	@python3 Tests/BrowserTests/run.py $(SLUICE)

# Full disks, dying producers, signals, refused memory: whatever goes wrong, nothing is lost in silence.
fault-test: build
	@python3 Tests/FaultTests/run.py $(SLUICE)

# Every parser under libFuzzer and AddressSanitizer, with a build of its own; GNU gold cannot link it.
SECONDS ?= 60
FUZZ_BUILD = SLUICE_FUZZ=1 $(SWIFT) build -c release --product sluice-fuzz --scratch-path .build-fuzz \
             -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
fuzz: setup
	@$(FUZZ_BUILD) 2>&1 | grep -v 'mktemp' || true
	@$(FUZZ_BUILD) >/dev/null
	@python3 Tests/Fuzz/run.py .build-fuzz/release/sluice-fuzz $(SECONDS) $(ONLY)

# The seeds are printed; half of the time the library is encoded with, half of it the program, and then its faults are provoked.
MINUTES ?= 5
soak: build
	@SOAK_SECONDS=$$(($(MINUTES) * 60)) $(SWIFT) test --filter SoakTests
	@python3 Tests/SoakTests/program.py $(SLUICE) $$(($(MINUTES) * 60))
	@python3 Tests/FaultTests/run.py $(SLUICE)

# What farms make by the templates of Examples/ is, to the byte, what one machine makes.
farm-test: build
	@python=$(FARM_TOOLS)/bin/python3; test -x $$python || python=python3; $$python Tests/FarmTests/run.py $(SLUICE)

# Under the sanitizers: all modules and the program, or what CI has the time for, which is the core and its threads, and the parsers and writers.
# Leaks that are the libraries' own are in a list. A program that a sanitizer complains of ends with a status that no test takes.
CORE_TESTS    = ThreadingTests|EncoderCoreTests
PARSER_TESTS  = BitstreamTests|VideoTypesTests|ContainersTests|IngestTests|PixelConversionTests
PROGRAM_TESTS = EndToEndTests|ExamplesTests
# Of the program's tests those that have it do everything it does; not those of rates and memory, which a sanitizer changes, and
# not those of every value there is.
SANITIZED_TESTS = EndToEndTests\.(ParallelTests|SignalTests|DecodeTests|CopyAudioTests|VerifyTests|CompareTests|InspectTests|$\
                  LayersTests|InputFailureTests|OutputFailureTests|ContainerTests|ShardTests|BatchResumeTests|WordsTests|$\
                  TranscodeTests|Y4MTests|FrameCountTests)
# ThreadSanitizer itself writes a file of its own as it starts, and dies where files may not grow.
SMALL_FILES = OutputFailureTests/fileSize
TSAN = SWIFT_BACKTRACE=enable=no TSAN_OPTIONS=allocator_may_return_null=1:halt_on_error=1 \
       $(SWIFT) test --sanitize=thread --scratch-path .build-tsan
ASAN = SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 \
       LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0 \
       $(SWIFT) test --sanitize=address --scratch-path .build-asan

tsan-core: setup
	$(TSAN) --filter '$(CORE_TESTS)'

asan-core: setup
	$(ASAN) --no-parallel --filter '$(CORE_TESTS)|$(PARSER_TESTS)'

tsan: setup
	$(TSAN) --no-parallel --skip '$(PROGRAM_TESTS)|SoakTests'
	SLUICE_PROGRAM=$(CURDIR)/.build-tsan/debug/sluice $(TSAN) --skip-build --filter '$(SANITIZED_TESTS)' --skip '$(SMALL_FILES)'

asan: setup
	$(ASAN) --no-parallel --skip '$(PROGRAM_TESTS)|SoakTests'
	SLUICE_PROGRAM=$(CURDIR)/.build-asan/debug/sluice $(ASAN) --skip-build --filter '$(SANITIZED_TESTS)'

demo: build
	@$(SLUICE) testsrc -s 1280x720 -p rgba --frames 300 \
	    | $(SLUICE) -s 1280x720 -r 60 -p rgba --overwrite --quiet -o demo.h264
	@echo "encoded  300 frames of moving bars, 1280x720 RGBA by pipe, into demo.h264"
	@frames=$$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 demo.h264); \
	    [ "$$frames" = 300 ] || { echo "but ffprobe counts $$frames" >&2; exit 1; }; \
	    echo "verified ffprobe decodes $$frames frames, in BT.709 as tagged: $$(ffprobe -v error -select_streams v \
	    -show_entries stream=profile,color_space -of csv=p=0 demo.h264)"
	@echo "play it  ffplay demo.h264"

bench: build
	@python3 Tests/Benchmarks/bench.py $(SLUICE)
	@python3 Tests/Benchmarks/realtime.py $(SLUICE) $(CLIP)
	@python3 Tests/Benchmarks/parallel.py $(SLUICE) $(CLIP)

scaling: build
	@python3 Tests/Benchmarks/scaling.py $(SLUICE)

# The documentation, of what `import Sluice` gives, as a web site; a link that leads nowhere and a warning are errors. DocC is the
# toolchain's own.
DOCS         = .build/docs
DOCC         = $(or $(shell command -v docc),$(shell xcrun --find docc 2>/dev/null))
SYMBOLS      = .build/symbols
DOCUMENTED   = $(shell sed -n 's/^@_exported public import \([A-Z][A-Za-z]*\)$$/\1/p' Sources/Sluice/Exports.swift) Sluice
docs: setup
	@test -n "$(DOCC)" || { echo "make docs needs docc, which Swift's toolchains have" >&2; exit 1; }
	$(SWIFT) package dump-symbol-graph --minimum-access-level public --skip-synthesized-members >.build/symbols.log 2>&1 || \
	    { cat .build/symbols.log; exit 1; }
	@rm -rf $(SYMBOLS) $(DOCS) && mkdir -p $(SYMBOLS)
	@graphs=$$(sed -n 's/^Files written to //p' .build/symbols.log); for module in $(DOCUMENTED); do \
	    cp $$graphs/$$module.symbols.json $(SYMBOLS)/ && cp $$graphs/$$module@*.symbols.json $(SYMBOLS)/ 2>/dev/null || true; done
	$(DOCC) convert Sources/Sluice/Sluice.docc --additional-symbol-graph-dir $(SYMBOLS) --output-dir $(DOCS) --warnings-as-errors \
	    --fallback-display-name Sluice --fallback-bundle-identifier sluice.documentation
	@echo "$(DOCS)/index.html is the documentation (a web server has to show it: python3 -m http.server -d $(DOCS))"

install: setup
	$(SWIFT) package generate-manual --multi-page >/dev/null
	$(MAKE) build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -s -m 755 $(SLUICE) $(DESTDIR)$(PREFIX)/bin/sluice
	install -m 644 $(MANUAL)/sluice*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	$(SLUICE) --generate-completion-script bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/sluice
	$(SLUICE) --generate-completion-script zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sluice
	$(SLUICE) --generate-completion-script fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sluice.fish

clean:
	rm -rf .build .build-* demo.h264

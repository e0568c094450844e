internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice

struct LayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers",
        abstract: "Removes the upper temporal layers of a stream.",
        discussion: """
            Reads IVF, Annex B, or AV1's low-overhead format, and writes the same format. The remaining pictures are \
            bit-identical to those of the whole stream. AV1 and HEVC store the layers; for other codecs, give \
            --scalability-mode.

              sluice layers in.ivf --max-temporal-layer 0 --scalability-mode L1T3 -o quarter.ivf
            """
    )

    @Argument(help: "The stream: a file, a FIFO, or - for standard input.")
    var input = "-"

    @Option(
        help: ArgumentHelp("The highest layer to keep; 0 is the base layer.", valueName: "layer"),
        transform: expecting("0, 1 or 2")
    )
    var maxTemporalLayer: Int

    @Option(
        help: ArgumentHelp(
            "Temporal layers of the stream, L1T2 or L1T3; needed for H.264, VP8 and VP9.",
            valueName: "mode"
        ),
        transform: expecting("L1T1, L1T2 or L1T3")
    )
    var scalabilityMode: ScalabilityMode?

    @Option(name: [.short, .long], help: "The output: a file, or - for standard output.")
    var output: String

    @Flag(help: "Replace an existing file when the new one is complete.")
    var overwrite = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Print errors only, and the result only with --json.")
    var quiet = false

    @OptionGroup var sandbox: SandboxFlags

    func validate() throws {
        guard (0...7).contains(maxTemporalLayer) else {
            throw ValidationError("--max-temporal-layer \(maxTemporalLayer) is no layer (0 to 7 are)")
        }
        if let mode = scalabilityMode, mode.isTemporalOnly, maxTemporalLayer >= mode.temporalLayers {
            throw ValidationError(
                "--max-temporal-layer \(maxTemporalLayer) is above the layers of \(mode) (0 to \(mode.temporalLayers - 1))"
            )
        }
    }

    func run() throws {
        let destination = OutputFlags.destination(output)
        let isFree = destination != .standardOutput
        if !isFree, cposix_is_terminal(1) {
            throw ValidationError("binary is not written to a terminal: --output FILE, or a pipe")
        }
        var extraction = LayerExtraction(
            input: input == "-" ? .standardInput : .path(FilePath(spelled: input)),
            output: destination,
            maxTemporalLayer: maxTemporalLayer,
            mode: scalabilityMode
        )
        extraction.overwrite = overwrite
        _ = sandbox.confine(reads: [extraction.input.path], writes: [destination])
        do throws(Failure) {
            try report(try run(extraction), isFree: isFree)
        } catch {
            error.print(asJSON: json, standardOutputIsFree: isFree)
            throw ExitCode(error.status)
        }
    }

    /// A signal leaves nothing behind: half a stream is no layer of it.
    private func run(_ extraction: LayerExtraction) throws(Failure) -> LayerExtraction.Summary {
        let (interrupt, temporaries) = (Interrupt(), TemporaryFiles())
        let watch = SignalWatch(interrupt: interrupt, temporaries: temporaries)
        let result = Result { () throws(JobError) in
            try extraction.run(interrupt: interrupt, temporaries: temporaries)
        }
        watch.finish()
        if let signal = watch.signal {
            temporaries.removeAll()
            cposix_die_by_signal(signal)
        }
        do throws(JobError) { return try result.get() } catch { throw Failure(error) }
    }

    private func report(_ summary: LayerExtraction.Summary, isFree: Bool) throws(Failure) {
        guard json else {
            if quiet { return }
            let counts =
                "\(summary.unitsWritten) of \(Quantity.count(summary.unitsRead, "frame")), \(summary.bytes) bytes"
            writeWithoutStalling(Array("sluice: \(counts)\n".utf8), to: .ownErrors)
            return
        }
        try StandardOutput.writeResult(summary.line, isFree: isFree)
    }
}

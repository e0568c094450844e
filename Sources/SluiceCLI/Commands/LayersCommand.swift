internal import ArgumentParser
internal import Places
internal import Sluice

struct LayersCommand: Command {
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
            throw ValidationError("--max-temporal-layer \(maxTemporalLayer) is not in 0...7")
        }
        if let mode = scalabilityMode, mode.isTemporalOnly, maxTemporalLayer >= mode.temporalLayers {
            throw ValidationError(
                "--max-temporal-layer \(maxTemporalLayer) is above the layers of \(mode) (0 to \(mode.temporalLayers - 1))"
            )
        }
    }

    var reports: SessionReports { SessionReports(isJSON: json, isQuiet: quiet).writing(output) }

    func makeJob() -> LayerExtraction {
        var extraction = LayerExtraction(
            input: input == "-" ? .standardInput : .path(FilePath(spelled: input)),
            output: OutputFlags.destination(output),
            maxTemporalLayer: maxTemporalLayer,
            mode: scalabilityMode
        )
        extraction.overwrite = overwrite
        return extraction
    }

    func confine(_ extraction: LayerExtraction) -> SandboxState? {
        sandbox.confine(reads: [extraction.input.path], writes: [extraction.output])
    }

    /// A signal leaves no output: a partial stream is not a layer.
    func run(_ extraction: LayerExtraction, in session: CommandSession) throws(Failure) -> any CommandResult {
        try Failure.asFailure { () throws(JobError) in
            try extraction.run(interrupt: session.interrupt, temporaries: session.temporaries)
        }
    }
}

extension LayerExtraction.Summary: CommandResult {
    var text: ResultText {
        .summary("\(unitsWritten) of \(Quantity.count(unitsRead, "frame")), \(bytes) bytes")
    }
}

internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Tests what this machine can encode, by encoding it and decoding the result.",
        discussion: """
            Without --require, every encoder is tested in every format and mode of its codecs; with it, only the required \
            configurations are. Each encoder is tested in its own process, so that a crash or a hang is reported as a result. \
            Exit status 0: everything required is supported, and every encoder that claims to work does. 69: a requirement is \
            not met, nothing that was requested is supported, or an encoder crashed, timed out, or could not get memory. \
            76: a decoded output differs from its input. 64: a requirement is not a valid configuration. 127, with the \
            system loader's message: a codec library is missing on this machine, and no command can start.

              sluice probe --codec av1
              sluice probe --require 'avc1.640028@1920x1080p30' --require 'av01.0.08M.10@1920x1080p30,scalabilityMode=L1T3'
            """
    )

    @Option(help: ArgumentHelp("Test only this codec: h264, hevc, vp8, vp9 or av1.", valueName: "codec"))
    var codec: VideoCodec?

    @Option(help: ArgumentHelp("Test only this encoder.", valueName: "name"))
    var encoder: String?

    @Option(
        help: ArgumentHelp(
            "A required configuration: CODEC@WIDTHxHEIGHTpFPS, then options after commas (scalabilityMode=L1T3, bitrateMode=quantizer, encoder=libaom …); can be repeated.",
            valueName: "requirement"
        )
    )
    var require: [String] = []

    @Option(
        help: ArgumentHelp(
            "Time limit of one test, in seconds. After two tests that exceed it, an encoder's other tests are skipped. (default: 60)",
            valueName: "seconds"
        ),
        transform: expecting("seconds, 0.001 or more")
    )
    var timeout = Seconds(duration: .seconds(60))

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Print the result as a Markdown table.")
    var markdown = false

    @Option(help: ArgumentHelp("Write the result to this file as JUnit XML, for a CI system.", valueName: "file"))
    var junit: String?

    @Flag(help: "Replace an existing report when the new one is complete.")
    var overwrite = false

    @Flag(help: "Print errors only, and the result only with --json or --markdown.")
    var quiet = false

    func validate() throws {
        if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
        if !require.isEmpty, codec != nil || encoder != nil {
            throw ValidationError("--codec and --encoder cannot be combined with --require, which names its own")
        }
        if let encoder, !BackendRegistry.all.contains(where: { $0.name == encoder }) {
            let names = BackendRegistry.all.map(\.name).joined(separator: ", ")
            throw ValidationError("unknown encoder \(encoder) (available: \(names))")
        }
        if let codec, let encoder, !BackendRegistry.encoders(of: codec).contains(where: { $0.name == encoder }) {
            let names = BackendRegistry.encoders(of: codec).map(\.name).joined(separator: ", ")
            throw ValidationError("\(encoder) does not encode \(codec.name) (available: \(names))")
        }
        if let junit, ["", "-"].contains(junit) { throw ValidationError("a report needs a file") }
    }

    func run() throws {
        // A requirement is written in properties.
        SettingNames.properties.adopt()
        cposix_release_signals()
        // A crash of a test is reported by its signal, not by Swift's backtracer, which is slow.
        cposix_forbid_backtraces()
        do throws(Failure) {
            let said = try CommandWords(level: .warning)
            defer {
                said.endPrints()
                said.words.finish()
            }
            let report = try probe(makeJob())
            try write(report)
            if let worst = report.worst { throw failure(worst, of: report) }
        } catch {
            // The results are already on standard output, if there were any.
            error.print(asJSON: json, standardOutputIsFree: error.status == .usage)
            throw ExitCode(error.status)
        }
    }

    /// The reasons are in the report; this message has their number.
    private func failure(_ entry: ProbeReport.Entry, of report: ProbeReport) -> Failure {
        let message = "\(entry.name): \(entry.outcome.reason ?? "")"
        switch entry.outcome {
        case .failed, .invalid: return Failure(.gateFailed, name: "probeFailed", message: message)
        case .supported, .unsupported, .unavailable, .timedOut, .crashed: break
        }
        let count = report.entries.count { $0.outcome.evidence == nil }
        var summary = "\(count) of \(Quantity.count(report.entries.count, "requirement")) cannot be met on this machine"
        if report.isTable {
            summary = report.isFruitless ? "nothing of \(subject) is supported on this machine" : message
        }
        let name = if case .unsupported = entry.outcome { "unsupported" } else { "unavailable" }
        return Failure(.unavailable, name: name, message: json ? message : summary)
    }

    /// The request, as far as it was specified.
    private var subject: String {
        switch (codec, encoder) {
        case (let codec?, let encoder?): "\(codec.name) by \(encoder)"
        case (let codec?, nil): codec.name
        case (nil, let encoder?): "what \(encoder) encodes"
        case (nil, nil): "what Sluice encodes"
        }
    }

    private var processes: ProbeProcesses { ProbeProcesses(limit: timeout.duration) }

    /// What is tested.
    enum Job {
        case everything([ProbeCase])
        case requirements([ProbeRequirement])
    }

    /// Everything that the flags mean, decided without opening a codec.
    func makeJob() throws(Failure) -> Job {
        guard require.isEmpty else {
            return .requirements(
                try require.map { text throws(Failure) in
                    do throws(EncoderConfigError) { return try ProbeRequirement(text) } catch {
                        throw .usage("\(error)")
                    }
                }
            )
        }
        let codecs = codec.map { [$0] } ?? VideoCodec.allCases
        return .everything(ProbeCase.matrix(codecs: codecs, encoder: encoder))
    }

    private func probe(_ job: Job) throws(Failure) -> ProbeReport {
        switch job {
        case .everything(let cases): matrix(cases)
        case .requirements(let requirements): try met(requirements)
        }
    }

    private func matrix(_ cases: [ProbeCase]) -> ProbeReport {
        let found = CapabilityProbe.table(of: cases) { cases in
            processes.run(cases.map { .tableCase($0.description) }, workers: Int(cposix_core_count()))
        }
        return ProbeReport(cases: found)
    }

    private func met(_ requirements: [ProbeRequirement]) throws(Failure) -> ProbeReport {
        // One after the other: each may use all processors.
        let outcomes = processes.run(requirements.map { .requirement($0.text) }, workers: 1)
        for (requirement, outcome) in zip(requirements, outcomes) {
            if case .invalid(let reason) = outcome { throw .usage("\(requirement.text): \(reason)") }
        }
        return ProbeReport(requirements: Array(zip(requirements, outcomes)))
    }

    private func write(_ report: ProbeReport) throws(Failure) {
        if let junit {
            do throws(SinkError) {
                var sink = try ByteSink(
                    opening: .path(OutputFlags.file(junit)),
                    overwrite: overwrite,
                    temporaries: TemporaryFiles()
                )
                try sink.write(Array(report.junit.utf8))
                try sink.publish()
            } catch {
                throw Failure(error)
            }
        }
        if quiet, !json, !markdown { return }
        try StandardOutput.write(json ? report.json : markdown ? report.markdown : report.table)
    }
}

internal import ArgumentParser
internal import CPosix
internal import Sluice

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Says what this machine can encode: by encoding it, and decoding what came out.",
        discussion: """
            Without --require, every codec by every encoder in every format and mode is tried. With it, only what is \
            required: exit status 0 if all of it can be done, 69 if not, 64 if it is no configuration at all.

              sluice probe --codec av1
              sluice probe --require 'avc1.640028@1920x1080p30' --require 'av01.0.08M.10@1920x1080p30,scalabilityMode=L1T3'
            """
    )

    @Option(help: ArgumentHelp("Try one codec only: h264, hevc, vp8, vp9 or av1.", valueName: "codec"))
    var codec: VideoCodec?

    @Option(help: ArgumentHelp("Try one encoder only, by name.", valueName: "name"))
    var encoder: String?

    @Option(
        help: ArgumentHelp(
            "What must be possible: CODEC@WIDTHxHEIGHTpFPS, with options behind commas (scalabilityMode=L1T3, bitrateMode=quantizer, encoder=libaom …); may be given again.",
            valueName: "requirement"
        )
    )
    var require: [String] = []

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Print the result as a Markdown table.")
    var markdown = false

    @Option(help: ArgumentHelp("Write the result here as JUnit XML, for a CI system.", valueName: "file"))
    var junit: String?

    @Flag(help: "Replace an existing file, once the new one is whole.")
    var overwrite = false

    func validate() throws {
        if json, markdown { throw ValidationError("--json and --markdown are two forms of one result") }
        if !require.isEmpty, codec != nil || encoder != nil {
            throw ValidationError("--require names its own codec and encoder; --codec and --encoder are for the table")
        }
        if let encoder, !BackendRegistry.all.contains(where: { $0.name == encoder }) {
            let names = BackendRegistry.all.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no encoder \(encoder) (\(names))")
        }
        if let codec, let encoder, !BackendRegistry.encoders(of: codec).contains(where: { $0.name == encoder }) {
            let names = BackendRegistry.encoders(of: codec).map(\.name).joined(separator: ", ")
            throw ValidationError("\(encoder) does not make \(codec.name) (\(names))")
        }
        if let junit, ["", "-"].contains(junit) { throw ValidationError("a report needs a file") }
    }

    func run() throws {
        cposix_release_signals()
        do throws(Failure) {
            let said = try CommandWords(level: .warning)
            defer {
                said.endPrints()
                said.words.finish()
            }
            let report = require.isEmpty ? matrix() : try requirements()
            try write(report)
            if let worst = report.worst { throw failure(worst, of: report) }
        } catch {
            // What was found is on standard output by now, unless nothing was.
            error.print(asJSON: json, standardOutputIsFree: error.code == Failure.usageCode)
            throw ExitCode(error.code)
        }
    }

    /// The reasons are in the report; this says how many there are.
    private func failure(_ entry: ProbeReport.Entry, of report: ProbeReport) -> Failure {
        let message = "\(entry.name): \(entry.outcome.reason ?? "")"
        guard case .unsupported = entry.outcome else { return Failure(code: 76, name: "probeFailed", message: message) }
        let count = report.entries.count { $0.outcome.evidence == nil }
        let summary = "\(count) of \(report.entries.count) requirements cannot be met here"
        return Failure(code: 69, name: "unsupported", message: json ? message : summary)
    }

    private func matrix() -> ProbeReport {
        let codecs = codec.map { [$0] } ?? VideoCodec.allCases
        let cases = ProbeCase.matrix(codecs: codecs, encoder: encoder)
        return ProbeReport(cases: CapabilityProbe().run(cases))
    }

    private func requirements() throws(Failure) -> ProbeReport {
        var results: [(ProbeRequirement, ProbeOutcome)] = []
        for text in require {
            do throws(EncoderConfigError) {
                let requirement = try ProbeRequirement(text)
                let outcome = CapabilityProbe().run(requirement.config, frames: 3)
                if case .invalid(let reason) = outcome { throw .conflict("\(text): \(reason)") }
                results.append((requirement, outcome))
            } catch {
                throw .usage("\(error)")
            }
        }
        return ProbeReport(requirements: results)
    }

    private func write(_ report: ProbeReport) throws(Failure) {
        if let junit {
            do throws(SinkError) {
                var sink = try ByteSink(
                    opening: .path(FilePath(junit)),
                    overwrite: overwrite,
                    temporaries: TemporaryFiles()
                )
                try sink.write(Array(report.junit.utf8))
                try sink.publish()
            } catch {
                throw Failure(error)
            }
        }
        let text = json ? report.json : markdown ? report.markdown : report.table
        try StandardOutput.write(text)
    }
}

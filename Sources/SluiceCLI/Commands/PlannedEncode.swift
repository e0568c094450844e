internal import Places
internal import Sluice

/// The flags of `encode` within a plan: those that control the encoding, and none that set the outputs.
struct PlannedEncode {
    let command: EncodeCommand
    var job: EncodeJob

    init(_ arguments: [String]) throws(Failure) {
        // The output is not known yet, so an output is not required here.
        command = try EncodeCommand.reading(arguments + ["--output", "-"])
        let output = command.output
        guard output.format != nil else {
            let formats = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("a plan needs the format of the output: use --format \(formats)")
        }
        let misplaced: [(String, Bool)] = [
            ("--chunks", output.chunks != nil), ("--description", output.description != nil),
            ("--receipt", output.receipt != nil), ("--verify", output.verify), ("--min-psnr", output.minPsnr != nil),
            ("--keep-modification-time", output.keepModificationTime), ("--keep-smaller", output.keepSmaller),
            ("--no-sandbox", command.sandbox.noSandbox),
        ]
        if let (name, _) = misplaced.first(where: \.1) {
            throw .usage("\(name) applies to the joined output: use it with sluice join")
        }
        if command.audio.copyAudio { throw .usage("--copy-audio needs a media input, which cannot be planned") }
        if command.running.parallel != nil {
            throw .usage("--parallel is for one machine; a plan is split into shards instead")
        }
        if command.input.digest { throw .usage("--digest is not for plans, which contain a digest of every segment") }
        job = try command.makeJob()
    }

    /// Reads a plan, and rebuilds the job that it describes.
    static func read(_ name: String, _ interrupt: Interrupt) throws(Failure) -> (ShardPlan, PlannedEncode) {
        let plan = try Failure.asFailure { () throws(JobError) in try ShardPlan(opening: FilePath(spelled: name)) }
        do throws(Failure) {
            return (plan, try PlannedEncode(plan.arguments))
        } catch {
            throw Failure(.badManifest, name: "invalidPlan", message: "\(name): its arguments: \(error.message)")
        }
    }
}

internal import Places
internal import Sluice

/// The text of a claim: its batch and output, and, when they are complete, the files that will be renamed into place.
struct ClaimText: Sendable {
    /// The first line.
    struct Batch: Codable, Hashable, Sendable {
        /// The version of this text.
        var claim = 1
        /// The output's name in its folder.
        let output: String
        /// The manifest.
        let manifest: String
        /// The SHA-256 of the job's configuration.
        let configuration: String
    }

    /// The most bytes of a claim.
    static let limit = 1 << 20

    /// The files that a job's process was about to give names, or has given them.
    private(set) var files: [JobRecord.Output] = []

    /// Reads a claim; `nil` if the text is not a claim, or belongs to another output.
    init?(reading bytes: [UInt8], of output: FileName) {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
        guard let first = lines.first, let batch = try? JSON.decode(Batch.self, from: first), batch.claim == 1,
            FileName(Spelling.bytes(batch.output)) == output
        else { return nil }
        // A last line may have been cut off when the process was killed: then no file is renamed into place yet.
        files = lines.dropFirst().compactMap { try? JSON.decode([JobRecord.Output].self, from: $0) }.flatMap { $0 }
    }

    /// The first line of a claim.
    static func line(_ batch: Batch) -> [UInt8] { JSON.line(batch) }
}

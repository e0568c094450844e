internal import Places
internal import Sluice
internal import SystemPackage

/// Which of the files at a job's names are a batch's own, so that the next one may replace them: those that a receipt of this
/// user names, by their inode numbers or, for the stream, by its bytes, and those that the claim of a killed batch names. All
/// other files are foreign, whatever other files exist.
struct OwnFiles {
    private let output: NamedPlace?
    private let receipt: NamedPlace?
    private let others: [NamedPlace]
    private let finished: Receipt?
    private let claim: ClaimText?

    /// - Parameters:
    ///   - output: The stream's place; `nil` here and below if its folder is not there yet.
    ///   - companions: The places of the additional outputs.
    ///   - receipt: The receipt's place.
    ///   - claim: The content of the claim to the output; `nil` without one.
    init(output: NamedPlace?, companions: [NamedPlace], receipt: NamedPlace?, claim: ClaimText?) {
        // A device or a pipe is written in place.
        (self.output, self.receipt, self.claim) = (output.flatMap(Self.file), receipt, claim)
        others = companions.compactMap(Self.file)
        let text = receipt.flatMap(Receipt.read)
        finished = text?.isOfBatch == true ? text : nil
    }

    /// Of a job, as its files are found by their paths: before anything runs.
    init(of job: BatchJob) {
        let output = try? NamedPlace(job.output.path)
        self.init(
            output: output,
            companions: job.companions.compactMap { try? NamedPlace($0.path) },
            receipt: try? NamedPlace(job.receipt.path),
            claim: output.flatMap { Claim.text(at: $0) }
        )
    }

    private static func file(_ place: NamedPlace) -> NamedPlace? {
        place.entry.map { $0.isRegular || $0.isLink } ?? true ? place : nil
    }

    /// There is one of the files.
    var areThere: Bool { ([output, receipt] + others).contains { $0?.entry != nil } }

    /// Whether all of the files may be replaced: each is a batch's, or not there.
    ///
    /// - Parameter isThorough: A stream with other numbers, as a copy has, is read for its SHA-256; otherwise its size will do.
    func mayBeReplaced(isThorough: Bool) -> Bool {
        others.allSatisfy { isNamed($0) } && isStream(isThorough: isThorough)
            && (receipt.map { isNamed($0) } ?? true || finished != nil)
    }

    /// The file is named by its numbers, or not there.
    private func isNamed(_ place: NamedPlace) -> Bool {
        guard let entry = place.entry else { return true }
        return ((claim?.files ?? []) + (finished?.job?.outputs ?? [])).contains { $0.isFile(place.name, entry) }
    }

    private func isStream(isThorough: Bool) -> Bool {
        guard let output, !isNamed(output) else { return true }
        guard let (file, entry) = output.openRegular(), let finished else { return false }
        defer { try? file.close() }
        guard entry.size == finished.output.bytes, let digest = finished.output.sha256 else { return false }
        guard isThorough else { return true }
        let path = UnnamedFile.path(of: file)
        return path.flatMap { try? FileDigest.sha256(of: $0) }?.digest == digest
    }
}

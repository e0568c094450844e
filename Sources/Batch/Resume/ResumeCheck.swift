internal import Places
internal import Sluice

/// Compares the existing files with a receipt.
struct ResumeCheck: Sendable {
    let job: BatchJob
    let trust: Trust
    let digests: FileDigests
    let interrupt: Interrupt
    /// Where the job writes; `nil` before any folder has been opened.
    var places: JobPlaces?

    /// The receipt, if everything matches it: the configuration, the inputs, and the output.
    func finished(_ configuration: String) throws(Failure) -> Receipt? {
        guard let finished = place(of: job.receipt).flatMap(Receipt.read),
            finished.status != Receipt.Status.interrupted,
            let record = finished.job, record.configuration == configuration, isOutputThere(finished),
            // What takes no time comes first.
            let stamps = JobRecord.Input.stamps(of: job), stamps.count == record.inputs.count,
            zip(stamps, record.inputs).allSatisfy({ $0.matches($1, exceptTime: trust == .digest) })
        else { return nil }
        guard trust == .digest else { return finished }
        guard let now = try digests.record(of: job, configuration: configuration, interrupt),
            now.inputs.map(\.sha256) == record.inputs.map(\.sha256),
            try isOutput(finished)
        else { return nil }
        return finished
    }

    /// The output has the bytes of the receipt. One that was not kept is not read.
    private func isOutput(_ finished: Receipt) throws(Failure) -> Bool {
        guard finished.isKept else { return true }
        guard let output = place(of: job.output) else { return false }
        return try digests.sha256(of: job.output, at: output, interrupt).map { $0 == finished.output.sha256 } ?? false
    }

    /// The output has its size, and the other files exist and are not newer than the receipt, which was written last. Where the
    /// output was not kept, none of them is there.
    private func isOutputThere(_ finished: Receipt) -> Bool {
        guard finished.isKept else {
            return ([job.output] + job.companions).allSatisfy { place(of: $0)?.entry == nil }
        }
        guard let receipt = stamp(of: job.receipt), let output = stamp(of: job.output) else { return false }
        guard output.size == finished.output.bytes else { return false }
        // An input can be newer than its output's receipt.
        guard trust == .digest || output.modified <= receipt.modified || output.modified == job.modified else {
            return false
        }
        return job.companions.allSatisfy { file in stamp(of: file).map { $0.modified <= receipt.modified } ?? false }
    }

    /// A file that the job writes is looked for in the folder that was opened for it, whatever has its path meanwhile.
    private func place(of file: BatchJob.File) -> NamedPlace? {
        places.map { try? $0.place(of: file) } ?? (try? NamedPlace(file.path))
    }

    private func stamp(of file: BatchJob.File) -> FileStamp? { place(of: file).flatMap { FileStamp($0) } }
}

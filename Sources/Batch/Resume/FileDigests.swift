internal import Places
internal import Sluice
internal import Threading

/// The digests of files, each computed once for as long as its size and time stay.
///
/// Thread-safety: all methods may be called from any thread.
final class FileDigests: Sendable {
    private struct Known { let stamp: FileStamp, digest: String }
    private struct Key: Hashable { let path: FilePath, isPlace: Bool }
    private let known = Monitor<[Key: Known]>([:])

    /// The SHA-256 of a file; `nil` if reading was interrupted.
    func sha256(of file: BatchJob.File, _ interrupt: Interrupt) throws(Failure) -> String? {
        let key = Key(path: file.path, isPlace: false)
        return try sha256(key, { FileStamp(file.path) }) { () throws(IngestError) in
            try FileDigest.sha256(of: file.path, interrupt: interrupt)?.digest
        }
    }

    /// The same for the file at a place, even if its path changes; also `nil` if it does not exist.
    func sha256(
        of file: BatchJob.File,
        at place: NamedPlace,
        _ interrupt: Interrupt
    ) throws(Failure) -> String? {
        let key = Key(path: file.path, isPlace: true)
        return try sha256(key, { FileStamp(place) }) { () throws(IngestError) in
            guard let (open, _) = place.openRegular() else { return nil }
            defer { try? open.close() }
            let path = UnnamedFile.path(of: open) ?? file.path
            return try FileDigest.sha256(of: path, interrupt: interrupt)?.digest
        }
    }

    private func sha256(
        _ key: Key,
        _ stamp: () -> FileStamp?,
        _ read: () throws(IngestError) -> String?
    ) throws(Failure) -> String? {
        let before = stamp()
        if let found = known.withLock({ $0[key] }), found.stamp == before { return found.digest }
        do throws(IngestError) {
            guard let digest = try read() else { return nil }
            // A file that was written to meanwhile has no digest that lasts.
            if let before, stamp() == before { known.withLock { $0[key] = Known(stamp: before, digest: digest) } }
            return digest
        } catch {
            throw Failure(error.isShortage ? .temporary : .missingInput, name: "cannotOpenInput", message: "\(error)")
        }
    }

    /// The values of a receipt for a job's inputs; `nil` if reading was interrupted.
    func record(of job: BatchJob, configuration: String, _ interrupt: Interrupt) throws(Failure) -> JobRecord? {
        var inputs: [JobRecord.Input] = []
        for file in job.inputs {
            guard let stamp = FileStamp(file.path) else {
                throw Failure(
                    .missingInput,
                    name: "cannotOpenInput",
                    message: "\(file.name) is missing, or not a regular file"
                )
            }
            guard let digest = try sha256(of: file, interrupt) else { return nil }
            inputs.append(JobRecord.Input(name: file.name, size: stamp.size, modified: stamp.modified, sha256: digest))
        }
        return JobRecord(configuration: configuration, inputs: JobRecord.Input.summed(inputs))
    }
}

extension JobRecord.Input {
    /// So many files are listed one by one; the record has to fit into an argument.
    private static let listed = 64

    /// The files, or, of many, one entry for all of them: their sizes added up, their times so that an exchange of two shows, and
    /// a digest of their digests.
    static func summed(_ inputs: [JobRecord.Input]) -> [JobRecord.Input] {
        guard inputs.count > listed else { return inputs }
        let names = FileDigest.sha256(of: inputs.map { "\($0.name.utf8.count):\($0.name)" }.joined())
        return [
            JobRecord.Input(
                name: "\(inputs.count) files, \(names)",
                size: inputs.reduce(0) { $0 &+ $1.size },
                modified: inputs.reduce(0) { $0 &* 31 &+ $1.modified },
                sha256: FileDigest.sha256(of: inputs.map(\.sha256).joined())
            )
        ]
    }

    /// The inputs of a job as they are now, without their digests; `nil` if one is not there.
    static func stamps(of job: BatchJob) -> [JobRecord.Input]? {
        var inputs: [JobRecord.Input] = []
        for file in job.inputs {
            guard let stamp = FileStamp(file.path) else { return nil }
            inputs.append(JobRecord.Input(name: file.name, size: stamp.size, modified: stamp.modified, sha256: ""))
        }
        return summed(inputs)
    }

    /// Whether it is of the same name and size, and of the same time.
    func matches(_ other: JobRecord.Input, exceptTime: Bool) -> Bool {
        name.utf8.elementsEqual(other.name.utf8) && size == other.size && (exceptTime || modified == other.modified)
    }
}

extension BatchJob {
    /// SHA-256 of everything except files that decides the output: the flags as given, the command, the names, this program's
    /// version and those of its libraries. It does not include the budget.
    var configurationDigest: String {
        let libraries = SluiceVersion.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        var words = ["sluice \(SluiceVersion.current)"] + libraries
        words += flags.filter { $0 != "--overwrite" }.sorted()
        words += fileFlags.map { "--\($0.flag)=\($0.file.name)" }.sorted()
        words += ["input \(input?.name ?? "")", "output \(output.name)"] + (command.map { ["command"] + $0 } ?? [])
        return FileDigest.sha256(of: words.map { "\($0.utf8.count):\($0)" }.joined())
    }
}

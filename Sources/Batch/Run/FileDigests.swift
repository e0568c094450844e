internal import Sluice
internal import Threading

/// The digests of files, each computed once for as long as its size and time stay.
///
/// Thread-safety: all methods may be called from any thread.
final class FileDigests: Sendable {
    private struct Known { let stamp: FileStamp, digest: String }
    private let known = Monitor<[FilePath: Known]>([:])

    /// The SHA-256 of a file; `nil` if reading was interrupted.
    func sha256(of file: BatchJob.File, _ interrupt: Interrupt) throws(BatchFailure) -> String? {
        let stamp = FileStamp(file.path)
        if let found = known.withLock({ $0[file.path] }), found.stamp == stamp { return found.digest }
        do throws(IngestError) {
            guard let (digest, _) = try FileDigest.sha256(of: file.path, interrupt: interrupt) else { return nil }
            // A file that was written to meanwhile has no digest that lasts.
            if let stamp, FileStamp(file.path) == stamp {
                known.withLock { $0[file.path] = Known(stamp: stamp, digest: digest) }
            }
            return digest
        } catch {
            throw BatchFailure(code: 66, name: "cannotOpenInput", message: "\(error)")
        }
    }

    /// What a receipt is to say of a job's inputs; `nil` if reading was interrupted.
    func record(of job: BatchJob, configuration: String, _ interrupt: Interrupt) throws(BatchFailure) -> JobRecord? {
        var inputs: [JobRecord.Input] = []
        for file in job.inputs {
            guard let stamp = FileStamp(file.path) else {
                throw BatchFailure(code: 66, name: "cannotOpenInput", message: "\(file.name) is not there, or no file")
            }
            guard let digest = try sha256(of: file, interrupt) else { return nil }
            inputs.append(JobRecord.Input(name: file.name, size: stamp.size, modified: stamp.modified, sha256: digest))
        }
        return JobRecord(configuration: configuration, inputs: inputs)
    }
}

extension BatchJob {
    /// SHA-256 of everything but files that decides what comes out: the flags as they were given, the command, the names, this
    /// program's version and those of its libraries. The budget is not among it.
    var configurationDigest: String {
        let libraries = SluiceVersion.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        var words = ["sluice \(SluiceVersion.current)"] + libraries
        words += flags.filter { $0 != "--overwrite" }.sorted()
        words += fileFlags.map { "--\($0.flag)=\($0.file.name)" }.sorted()
        words += ["input \(input?.name ?? "")", "output \(output.name)"] + (command.map { ["command"] + $0 } ?? [])
        return FileDigest.sha256(of: words.map { "\($0.utf8.count):\($0)" }.joined())
    }
}

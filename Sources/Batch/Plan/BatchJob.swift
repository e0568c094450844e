internal import Places
internal import Sluice

/// One job of a batch, checked: all its keys are resolved, and it has not run.
package struct BatchJob: Sendable {
    /// A file that a job reads or writes.
    package struct File: Hashable, Sendable {
        /// As the manifest has it.
        package let name: String
        /// From the root of the file system.
        package let path: FilePath

        /// The partial output after a signal.
        var partial: File {
            File(
                name: beside(".partial").name,
                path: ByteSink.partialFile(of: path) ?? SideFiles.path(path, suffix: ".partial")
            )
        }

        /// The file in the same folder whose name has a suffix.
        func beside(_ suffix: String) -> File {
            File(
                name: SideFiles.path(FilePath(spelled: name), suffix: suffix).spelled,
                path: SideFiles.path(path, suffix: suffix)
            )
        }
    }

    /// Its number in the batch, from 0.
    package let index: Int
    /// What it is called; another job may have the same name if both come from one entry of the manifest.
    package let name: String
    /// Where it is in the manifest.
    package let place: ManifestPlace
    /// The file that it encodes, or the pattern of pictures' names; `nil` where a command makes the frames.
    package let input: File?
    /// The command that writes the frames, with its program as it was found.
    package let command: [String]?
    /// Files whose content decides the output: the input or its pictures, options for frames, and what `inputs:` lists.
    package let inputs: [File]
    /// The stream.
    package let output: File
    /// The additional outputs: chunk lines and decoder configuration.
    package let companions: [File]
    /// The place of the receipt.
    package let receipt: File
    /// The flags as they were given, in the order of the manifest, those for files with paths as in the manifest.
    package let flags: [String]
    /// The job's own flags for files, with the files.
    let fileFlags: [(flag: String, file: File)]
    /// Jobs that have to be done before.
    package internal(set) var after: [Int] = []
    /// What the flags mean.
    package let job: EncodeJob
    /// What it will need, as far as that is known.
    package let forecast: JobForecast
    /// Why it fails without being begun: a file that a pattern has found, and that cannot be encoded. `nil` for all others.
    package internal(set) var refusal: Failure?
    /// Threads of its encoder, or of all its encoders.
    package internal(set) var threads = 1
    /// Encoders that work on its segments side by side; `nil` where one encoder does it all.
    package internal(set) var encoders: Int?
    /// Bytes of memory that it is taken to need.
    package internal(set) var memory = 0

    /// The modification time that its output is to have, in nanoseconds since 1970; `nil` if that is when it was written.
    var modified: Int64? {
        guard job.output.keepsModificationTime else { return nil }
        return input.flatMap { FileStamp($0.path) }?.modified
    }

    /// Everything that it writes.
    package var writes: [File] { [output] + companions + [receipt] }

    /// Takes a share of the budget's threads, in whole encoders if there are several, as far as the memory allows.
    mutating func take(threads share: Int, memory most: Int) {
        let step = forecast.threadsPerEncoder ?? 1
        let room = max(0, most - forecast.memory)
        let affordable = forecast.memoryPerThread > 0 ? step + room / forecast.memoryPerThread : share
        threads = max(step, min(share, affordable) / step * step)
        encoders = forecast.threadsPerEncoder.map { threads / $0 }
        memory = forecast.memory + (threads - step) * forecast.memoryPerThread
    }

    /// The complete arguments of its `encode`, as for a shell.
    ///
    /// - Parameter overwrite: Existing files may be replaced.
    package func arguments(overwrite: Bool = false) -> [String] {
        // The budget decides the number of encoders, which does not change the bytes.
        var words = ["encode"] + flags.map { $0 == "--parallel=auto" ? encoders.map { "--parallel=\($0)" } ?? $0 : $0 }
        words += fileFlags.map { "--\($0.flag)=\($0.file.path.spelled)" }
        if !fileFlags.contains(where: { $0.flag == "receipt" }) { words.append("--receipt=\(receipt.path.spelled)") }
        if job.config.threads == nil, encoders == nil { words.append("--threads=\(threads)") }
        if overwrite, !flags.contains("--overwrite") { words.append("--overwrite") }
        return words + ["--output=\(output.path.spelled)", "--", input?.path.spelled ?? "-"]
    }
}

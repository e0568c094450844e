internal import CPosix
internal import Sluice

extension BatchJob {
    /// The failure of a job if one of its files exists without proof that a batch wrote it: such a file is not replaced without
    /// a request.
    ///
    /// - Parameter overwrite: Replacing was requested.
    func existingFile(overwrite: Bool) -> Failure? {
        guard !overwrite, !flags.contains("--overwrite") else { return nil }
        for file in writes where unsafe file.path.withPlatformString({ unsafe cposix_exists($0) }) {
            // A device or a pipe is written in place.
            guard ByteSink.isFileOrNothing(file.path) else { continue }
            let reason = "no receipt shows that a batch wrote it (--overwrite replaces it)"
            return Failure(.cannotCreate, name: "outputExists", message: "\(file.name) exists, and \(reason)")
        }
        return nil
    }
}

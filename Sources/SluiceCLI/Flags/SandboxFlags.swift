internal import ArgumentParser
internal import Places
internal import Sluice

/// Whether a command that reads media confines itself.
struct SandboxFlags: ParsableArguments {
    @Flag(help: "Do not sandbox the process while it reads media. The sandbox allows only its input and output files.")
    var noSandbox = false

    /// Confines the process, before it has a thread of its own and before a byte of media is read.
    ///
    /// - Parameters:
    ///   - reads: Every file that the command reads.
    ///   - writes: Every file that it writes.
    ///   - mayUseDevices: Hardware encoders are requested.
    func confine(
        reads: [FilePath?],
        writes: [ByteSink.Destination?] = [],
        mayUseDevices: Bool = false
    ) -> SandboxState {
        guard !noSandbox else { return SandboxState(reason: "--no-sandbox") }
        var confinement = Confinement()
        confinement.readable = reads.compactMap(\.self).map { PictureSequence.folder(of: $0) ?? $0 }
        confinement.outputs = writes.compactMap { $0?.path }
        confinement.mayUseDevices = mayUseDevices
        return confinement.enter()
    }

    /// Confines the process for an encode, unless all that is read is frames, which libavformat does not see.
    ///
    /// - Parameter others: Files that the command reads besides the job's.
    func confine(_ job: EncodeJob, others: [FilePath?] = []) -> SandboxState {
        guard job.mayReadMedia || noSandbox else {
            return .framesAlone
        }
        let output = job.output
        // A batch's folder is open; what its path leads to by now may be another.
        let folders = output.rootFolders
        defer { withExtendedLifetime(folders) {} }
        let open = folders.compactMap { UnnamedFile.path(of: $0.descriptor) }.map { ByteSink.Destination.path($0) }
        return confine(
            reads: [job.input.origin.path] + job.otherInputs + others,
            writes: [output.destination, output.description, output.chunks, output.receipt] + open,
            mayUseDevices: job.config.mayUseHardware
        )
    }
}

extension ByteSource.Origin {
    /// `nil` for standard input.
    var path: FilePath? { if case .path(let path) = self { path } else { nil } }
}

extension ByteSink.Destination {
    /// `nil` for standard output.
    fileprivate var path: FilePath? { if case .path(let path) = self { path } else { nil } }
}

extension EncoderConfig {
    /// Hardware is requested, by its own setting or by an encoder's name.
    fileprivate var mayUseHardware: Bool {
        guard let encoder else { return hardwareAcceleration == .preferHardware }
        return BackendRegistry.all.first { $0.name == encoder }?.isHardware ?? false
    }
}

extension SandboxState {
    /// The state of a process that does not need it.
    static var framesAlone: SandboxState { SandboxState(reason: "nothing but raw frames or Y4M is read") }
}

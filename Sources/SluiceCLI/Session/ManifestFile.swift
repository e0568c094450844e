internal import Batch
internal import CPosix
internal import Places
internal import Sluice
internal import SystemPackage
internal import Threading

/// A manifest that is read, and locked for as long as the process lives: one batch of it at a time. Standard input (`-`) has no
/// lock; the outputs' own claims keep two batches apart.
enum ManifestFile {
    /// What messages and reports call a manifest.
    static func shown(_ name: String) -> String { name == "-" ? "standard input" : name }

    /// The lock, which ends with the process in any case.
    final class Lock: Sendable {
        private let descriptor: FileDescriptor?
        /// No other process has the lock.
        let isHeld: Bool

        /// A lock without a file, which is always held.
        init() { (descriptor, isHeld) = (nil, true) }

        init(_ descriptor: FileDescriptor) {
            self.descriptor = descriptor
            isHeld = cposix_lock(descriptor.rawValue) == 0
        }

        deinit { try? descriptor?.close() }
    }

    /// The most that is read; a manifest may have less.
    private static let limit = 8 << 20

    static func read(_ name: String) throws(Failure) -> (bytes: [UInt8], lock: Lock) {
        let origin: ByteSource.Origin = name == "-" ? .standardInput : .path(FilePath(spelled: name))
        let bytes = try contents(origin)
        guard name != "-" else { return (bytes, Lock()) }
        let options: FileDescriptor.OpenOptions = [.closeOnExec, .nonBlocking]
        do {
            return (bytes, Lock(try FileDescriptor.open(FilePath(spelled: name), .readOnly, options: options)))
        } catch {
            let status: ExitStatus = (error as? Errno)?.isShortage == true ? .unavailable : .missingInput
            throw Failure(status, name: "cannotOpenInput", message: "cannot open \(name): \(error)")
        }
    }

    private static func contents(_ origin: ByteSource.Origin) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(IngestError) {
            var source = try ByteSource(opening: origin, interrupt: Interrupt(), clock: StageClock())
            guard source.length != nil || origin == .standardInput else {
                throw .notRegular(name: origin.name)
            }
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while bytes.count <= limit {
                var span = piece.mutableSpan
                var target = unsafe span.mutableBytes
                let count = try source.read(into: &target, 0..<target.byteCount)
                bytes += piece.prefix(count)
                if count < piece.count { break }
            }
        } catch .notRegular {
            let reason = "a manifest must be a regular file, or standard input (-)"
            throw Failure(.badManifest, name: "invalidManifest", message: "\(origin.name): \(reason)")
        } catch {
            throw Failure(error)
        }
        return bytes
    }
}

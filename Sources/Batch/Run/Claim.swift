internal import CPosix
internal import SystemPackage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A batch's claim to an output: a hidden file beside it, locked for as long as the batch or the job's process lives.
///
/// It is there before the first byte is written and goes when the job has ended. One that is there and not locked was left by a
/// batch that was killed: what stands at the output's name, and beside it without a name, is that batch's and may be replaced.
final class Claim: Sendable {
    /// Long enough for the processes of a batch that was killed to be gone.
    private static let patience = 50
    private static let pause = Duration.milliseconds(100)

    let descriptor: FileDescriptor
    private let path: FilePath
    /// An earlier batch was killed before the output was finished.
    let isInherited: Bool

    static func path(of output: FilePath) -> FilePath {
        var path = output
        let name = path.lastComponent?.string ?? ""
        path.removeLastComponent()
        return path.appending(".\(String(decoding: name.utf8.prefix(200), as: UTF8.self)).batch")
    }

    /// Somebody claims an output, or has been killed while doing so.
    static func isThere(at output: FilePath) -> Bool {
        unsafe path(of: output).withPlatformString { unsafe cposix_exists($0) }
    }

    /// The same of a job's output.
    static func isThere(_ output: BatchJob.File) -> Bool { isThere(at: output.path) }

    /// Claims an output.
    ///
    /// - Throws: ``BatchFailure`` if another batch is making it, or if the folder cannot be written to.
    init(_ output: BatchJob.File, _ cancellation: Cancellation) throws(BatchFailure) {
        path = Self.path(of: output.path)
        for _ in 0..<Self.patience {
            let wasThere = unsafe path.withPlatformString { unsafe cposix_exists($0) }
            let file = try Self.open(path, output)
            // Whoever had it may have removed it while we opened it.
            if cposix_lock(file.rawValue) == 0, FileIdentity(of: file) == FileIdentity(of: path) {
                (descriptor, isInherited) = (file, wasThere)
                return
            }
            try? file.close()
            guard !cancellation.isRequested else { break }
            cancellation.wait(atMost: Self.pause)
        }
        throw BatchFailure(code: 75, name: "locked", message: "\(output.name) is being made by another batch")
    }

    private static func open(_ path: FilePath, _ output: BatchJob.File) throws(BatchFailure) -> FileDescriptor {
        do {
            let permissions = FilePermissions(rawValue: 0o666)
            return try .open(path, .readWrite, options: [.create, .closeOnExec], permissions: permissions)
        } catch {
            throw BatchFailure(
                code: 73,
                name: "cannotCreateOutput",
                message: "cannot write beside \(output.name): \(error)"
            )
        }
    }

    /// Removes what processes that were killed left without a name, beside the files of a job.
    func removeLeftovers(of files: [BatchJob.File]) {
        for file in files {
            let folder = file.path.removingLastComponent()
            let front = ".\(String(decoding: (file.path.lastComponent?.string ?? "").utf8.prefix(200), as: UTF8.self))."
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? [] {
                guard name.hasPrefix(front), name.hasSuffix(".sluice") else { continue }
                // `.out.mp4.x.sluice` is not what is left of an output named `out`.
                guard !name.dropFirst(front.count).dropLast(".sluice".count).contains(".") else { continue }
                TemporaryFiles.unlink(folder.appending(name))
            }
        }
    }

    /// Gives the claim up: the job has ended, one way or the other.
    func release() { TemporaryFiles.unlink(path) }

    deinit { try? descriptor.close() }
}

internal import CPosix
internal import Sluice
internal import SystemPackage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A failure as the command line shows it: an exit status, a name for programs, a line for people.
struct Failure: Error {
    static let usageCode: Int32 = 64

    let code: Int32
    let name: String
    let message: String
    /// The number of the frame that is at fault, where one is.
    var frame: Int?
    /// The shards that are at fault, where some are.
    var shards: UnusableShards?

    /// The command line is wrong.
    static func usage(_ message: String) -> Failure { Failure(code: usageCode, name: "usage", message: message) }

    /// Only what another try may mend (`EX_TEMPFAIL`).
    var isRetryable: Bool { code == 75 }

    private struct Object: Encodable {
        struct Content: Encodable {
            let code: Int32
            let name: String
            let message: String
            let retryable: Bool
            let frame: Int?
            let shards: UnusableShards?
        }
        let error: Content
    }

    /// The failure as one line of JSON.
    var json: [UInt8] {
        let content = Object.Content(
            code: code,
            name: name,
            message: message,
            retryable: isRetryable,
            frame: frame,
            shards: shards
        )
        return JSON.line(Object(error: content))
    }

    /// Says what happened: a line on stderr, or an object on stdout, or on stderr when stdout carries data.
    func print(asJSON: Bool, standardOutputIsFree: Bool) {
        let descriptor: FileDescriptor = asJSON && standardOutputIsFree ? .ownOutput : .ownErrors
        let words = Array("sluice: error: \(message.printable(keepsLines: true))\n".utf8)
        if !writeWithoutStalling(asJSON ? json : words, to: descriptor), descriptor == .ownOutput {
            // Where the object has no place, words may have one.
            writeWithoutStalling(words, to: .ownErrors)
        }
    }
}

/// Writes what a reader takes within a second; a pipe that nobody reads must not keep a program from ending.
///
/// - Returns: Whether it took everything.
@discardableResult
func writeWithoutStalling(_ bytes: [UInt8], to descriptor: FileDescriptor) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty, cposix_wait_writable(descriptor.rawValue, -1, 1000) == 1 {
        guard let count = descriptor.writeReady(rest) else { return false }
        rest = rest.dropFirst(count)
    }
    return rest.isEmpty
}

extension FileDescriptor {
    /// Writes the front of `bytes` to a descriptor that is ready for it; `nil` if that fails.
    func writeReady(_ bytes: ArraySlice<UInt8>) -> Int? {
        // A pipe that can be written takes this much without waiting (POSIX, PIPE_BUF).
        try? unsafe bytes.prefix(512).withUnsafeBytes { try unsafe write($0) }
    }
}

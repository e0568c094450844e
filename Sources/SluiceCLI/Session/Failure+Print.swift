internal import CPosix
internal import Sluice
internal import SystemPackage

extension Failure {
    /// Reports the failure: a line on stderr, or an object on stdout, or on stderr when stdout carries data.
    func print(asJSON: Bool, standardOutputIsFree: Bool) {
        let descriptor: FileDescriptor = asJSON && standardOutputIsFree ? .ownOutput : .ownErrors
        let words = Array("sluice: error: \(message.printable(keepsLines: true))\n".utf8)
        if !writeWithoutStalling(asJSON ? line : words, to: descriptor), descriptor == .ownOutput {
            // If the object cannot be written, a message may be.
            writeWithoutStalling(words, to: .ownErrors)
        }
    }
}

/// Writes for at most a second; a pipe without a reader must not keep a program from ending.
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

internal import Sluice
internal import SystemPackage

/// What a command gives to programs or prints for people to keep.
enum StandardOutput {
    static func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    static func write(_ bytes: [UInt8]) throws(Failure) {
        do {
            try FileDescriptor.ownOutput.writeAll(bytes)
        } catch {
            throw Failure(.transferFailed, name: "writeFailed", message: "writing to standard output failed: \(error)")
        }
    }

    /// Prints the result of a command: there, or on standard error if standard output carries data.
    static func writeResult(_ line: [UInt8], isFree: Bool) throws(Failure) {
        if isFree { try write(line) } else { writeWithoutStalling(line, to: .ownErrors) }
    }
}

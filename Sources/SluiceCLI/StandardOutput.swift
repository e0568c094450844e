internal import Sluice

/// What a command gives to programs or prints for people to keep.
enum StandardOutput {
    static func write(_ text: String) throws(Failure) {
        do {
            try FileDescriptor.standardOutput.writeAll(Array(text.utf8))
        } catch {
            throw Failure(code: 74, name: "writeFailed", message: "writing to standard output failed: \(error)")
        }
    }
}

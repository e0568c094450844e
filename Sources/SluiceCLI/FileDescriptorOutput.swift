internal import Sluice

/// Text for a descriptor.
struct FileDescriptorOutput {
    let descriptor: FileDescriptor

    static let standardError = FileDescriptorOutput(descriptor: .standardError)

    func write(_ text: String) { writeWithoutStalling(Array((text + "\n").utf8), to: descriptor) }
}

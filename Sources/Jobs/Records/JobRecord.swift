package import Places

/// How a batch recognizes an output: it is in the receipt, which is renamed into place when the output is complete.
public struct JobRecord: Codable, Hashable, Sendable {
    /// A file whose content decides what comes out.
    public struct Input: Codable, Hashable, Sendable {
        /// As the manifest has it.
        public var name: String
        /// Bytes.
        public var size: Int
        /// When it was written, in nanoseconds since 1970.
        public var modified: Int64
        /// SHA-256 of its bytes.
        public var sha256: String

        /// A file.
        public init(name: String, size: Int, modified: Int64, sha256: String) {
            (self.name, self.size, self.modified, self.sha256) = (name, size, modified, sha256)
        }
    }

    /// A file that was written, by what the system knows it by.
    public struct Output: Codable, Hashable, Sendable {
        /// Its name in its folder.
        public let name: String
        /// The number of its device.
        public let device: UInt64
        /// Its number there.
        public let inode: UInt64
        /// When it was made, in nanoseconds since 1970: numbers are given again.
        public let born: Int64?

        package init(_ name: FileName, _ entry: FileEntry) {
            self.name = name.spelled
            (device, inode, born) = (entry.device, entry.inode, entry.born)
        }

        /// The file with the name is this one: what was changed in it since is not asked.
        package func isFile(_ name: FileName, _ entry: FileEntry) -> Bool {
            entry.isRegular && entry.isOurs && entry.inode == inode && born ?? entry.born == entry.born
                && Spelling.bytes(self.name) == name.bytes
        }
    }

    /// SHA-256 of the configuration as it was given, of the program's version and of those of its libraries.
    public var configuration: String
    /// The files.
    public var inputs: [Input]

    /// The files that were written, but for the receipt itself; `nil` until they are.
    public package(set) var outputs: [Output]?

    /// A record.
    public init(configuration: String, inputs: [Input]) { (self.configuration, self.inputs) = (configuration, inputs) }

    /// The record is of the same configuration and inputs.
    package func hasSameCause(as other: JobRecord) -> Bool {
        configuration == other.configuration && JSON.line(inputs) == JSON.line(other.inputs)
    }
}

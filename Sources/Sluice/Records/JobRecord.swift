/// What a batch knows an output by: it stands in the receipt, which gets its name when the output is whole.
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

    /// SHA-256 of the configuration as it was given, of the program's version and of those of its libraries.
    public var configuration: String
    /// The files.
    public var inputs: [Input]

    /// A record.
    public init(configuration: String, inputs: [Input]) { (self.configuration, self.inputs) = (configuration, inputs) }
}

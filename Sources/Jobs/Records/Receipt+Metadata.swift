extension Receipt {
    /// What a container stores of its contents.
    public struct Metadata: Codable, Hashable, Sendable {
        /// Tags of the file, by libavformat's names of them.
        public let tags: [String: String]
        /// The language of the pictures, by the container's code.
        public let language: String?
        /// The timecode of the first frame.
        public let timecode: String?
        /// The chapters.
        public let chapters: [Chapter]

        package init(tags: [String: String], language: String?, timecode: String?, chapters: [Chapter]) {
            (self.tags, self.language, self.timecode, self.chapters) = (tags, language, timecode, chapters)
        }
    }

    /// A chapter of the output.
    public struct Chapter: Codable, Hashable, Sendable {
        /// When it begins, in microseconds.
        public let start: Int64
        /// When it ends, in microseconds.
        public let end: Int64
        /// Its title.
        public let title: String

        package init(start: Int64, end: Int64, title: String) {
            (self.start, self.end, self.title) = (start, end, title)
        }
    }
}

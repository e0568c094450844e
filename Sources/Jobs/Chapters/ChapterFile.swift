package import Containers
package import Ingest
internal import Places
package import SystemPackage

/// A list of chapters: FFmpeg's metadata file, or lines of a time and a title, such as `00:01:02.500 The second scene`.
package enum ChapterFile {
    /// Bytes of such a file, at most.
    static let limit = 4 << 20
    private static let example = "\"00:01:02.500 Title\""

    /// Reads such a file, or a pipe, until its end or an interrupt.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - interrupt: Ends reading early.
    ///   - timeout: How long a pipe may deliver nothing. `nil`, the default, waits without a limit.
    /// - Throws: ``JobError/chapters(_:)`` with the number of the invalid line.
    package static func read(
        _ path: FilePath,
        interrupt: Interrupt,
        timeout: Duration? = nil
    ) throws(JobError) -> [Chapter] {
        let bytes: [UInt8]
        do throws(IngestError) {
            bytes = try ByteSource.contents(path, limit: limit, interrupt: interrupt, timeout: timeout)
        } catch .damaged(_, let reason) {
            throw .chapters("\(path.spelled): \(reason)")
        } catch {
            throw .input(error)
        }
        guard !interrupt.isTriggered else { throw .interrupted }
        return try parse(bytes, name: path.spelled)
    }

    /// Reads the contents of such a file, called `name` in messages.
    package static func parse(_ bytes: [UInt8], name: String) throws(JobError) -> [Chapter] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .chapters("\(name) is not text in UTF-8")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let chapters =
            text.utf8.dropFirst(start).starts(with: FFmetadata.magic.utf8)
            ? try FFmetadata.chapters(NumberedLines(bytes, from: start), name)
            : try lines(NumberedLines(bytes, from: start), name)
        guard !chapters.isEmpty else { throw .chapters("\(name) has no chapters (expected lines such as \(example))") }
        return chapters
    }

    private static func lines(_ lines: NumberedLines, _ name: String) throws(JobError) -> [Chapter] {
        var list = ChapterList(name)
        for (number, bytes) in lines where bytes.first != UInt8(ascii: "#") {
            let line = String(decoding: bytes, as: UTF8.self)
            let parts = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" }.map(String.init)
            guard let word = parts.first, let time = ChapterTime(word) else {
                throw .chapters(
                    "\(name):\(number): \"\(line.prefix(40))\" does not begin with a time (expected \(example))"
                )
            }
            guard parts.count == 2 else { throw .chapters("\(name):\(number): the chapter at \(word) has no title") }
            try list.append(Chapter(start: time.microseconds, title: parts[1]), number)
        }
        return list.chapters
    }
}

/// Chapters in their order, each of which is checked.
struct ChapterList {
    private(set) var chapters: [Chapter] = []
    private let name: String

    init(_ name: String) { self.name = name }

    /// Adds the chapter of a line.
    mutating func append(_ chapter: Chapter, _ line: Int) throws(JobError) {
        guard chapters.count < Chapter.limit else {
            throw .chapters("\(name):\(line): more than \(Chapter.limit) chapters")
        }
        guard MetadataTag(key: "title", value: chapter.title) != nil, chapter.title.utf8.count <= 1024 else {
            throw .chapters("\(name):\(line): a title has control characters, or more than 1024 bytes")
        }
        if let last = chapters.last, chapter.start <= last.start {
            throw .chapters(
                "\(name):\(line): the chapter \"\(chapter.title.prefix(40))\" does not begin after the one before it"
            )
        }
        if let end = chapter.end, end < chapter.start {
            throw .chapters("\(name):\(line): the chapter \"\(chapter.title.prefix(40))\" ends before it begins")
        }
        chapters.append(chapter)
    }
}

/// A time as hours, minutes and seconds.
struct ChapterTime {
    let microseconds: Int64

    /// Reads `1:02:03.5`, `02:03` or such; digits below microseconds are rounded.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let last = parts.last else { return nil }
        let seconds = last.split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2 else { return nil }
        let whole = (parts.dropLast() + [seconds[0]]).compactMap(Self.number)
        guard whole.count == parts.count, whole.dropFirst().allSatisfy({ $0 < 60 }),
            whole[0] < (parts.count == 3 ? 10_000 : 600)
        else { return nil }
        var fraction: Int64 = 0
        if seconds.count == 2 {
            guard (1...9).contains(seconds[1].utf8.count), let digits = Self.number(seconds[1]) else { return nil }
            let nanoseconds = (seconds[1].utf8.count..<9).reduce(digits) { value, _ in value * 10 }
            fraction = (nanoseconds + 500) / 1000
        }
        microseconds = whole.reduce(0) { $0 * 60 + $1 } * 1_000_000 + fraction
    }

    private static func number(_ text: Substring) -> Int64? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }
}

internal import Containers

/// FFmpeg's metadata file, as `ffmpeg -f ffmetadata` writes it: what it has besides chapters is passed over.
enum FFmetadata {
    /// Its beginning; a version follows.
    static let magic = ";FFMETADATA"

    /// A chapter whose lines are being read.
    private struct Draft {
        let line: Int
        /// Seconds of a unit.
        var unit: (numerator: Int64, denominator: Int64) = (1, 1_000_000_000)
        var start: Int64?
        var end: Int64?
        var title: String?
    }

    static func chapters(_ lines: NumberedLines, _ name: String) throws(JobError) -> [Chapter] {
        var list = ChapterList(name)
        var draft: Draft?
        var lines = lines
        while let (number, line) = joined(&lines) {
            if line.hasPrefix("[") {
                if let draft { try list.append(chapter(draft, name, list.chapters.count + 1), draft.line) }
                draft = line.uppercased() == "[CHAPTER]" ? Draft(line: number) : nil
            } else if draft != nil, !line.hasPrefix(";"), !line.hasPrefix("#") {
                try take(line, &draft, "\(name):\(number)")
            }
        }
        if let draft { try list.append(chapter(draft, name, list.chapters.count + 1), draft.line) }
        return list.chapters
    }

    /// The next line with those that it is continued in, by a backslash at its end.
    private static func joined(_ lines: inout NumberedLines) -> (Int, String)? {
        guard let first = lines.next() else { return nil }
        var line = String(decoding: first.bytes, as: UTF8.self)
        while line.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1, let next = lines.next() {
            line = line.dropLast() + " " + String(decoding: next.bytes, as: UTF8.self)
        }
        return (first.number, line)
    }

    private static func take(_ line: String, _ draft: inout Draft?, _ place: String) throws(JobError) {
        let (key, value) = parts(line)
        guard let value else { throw .chapters("\(place): \"\(line.prefix(40))\" is not KEY=VALUE") }
        switch key.uppercased() {
        case "TIMEBASE":
            let numbers = value.split(separator: "/").compactMap { Int64($0) }
            guard numbers.count == 2, numbers.allSatisfy({ (1...Int64(Int32.max)).contains($0) }) else {
                throw .chapters("\(place): TIMEBASE \"\(value.prefix(40))\" is not a fraction such as 1/1000")
            }
            draft?.unit = (numbers[0], numbers[1])
        case "START": draft?.start = try time(value, "START", place)
        case "END": draft?.end = try time(value, "END", place)
        case "TITLE": draft?.title = value
        default: break
        }
    }

    private static func time(_ text: String, _ key: String, _ place: String) throws(JobError) -> Int64 {
        guard let number = Int64(text), number >= 0 else {
            throw .chapters("\(place): \(key) \"\(text.prefix(40))\" is not a whole number, 0 or more")
        }
        return number
    }

    private static func chapter(_ draft: Draft, _ name: String, _ number: Int) throws(JobError) -> Chapter {
        guard let start = draft.start else { throw .chapters("\(name):\(draft.line): a chapter without START") }
        guard draft.end.map({ $0 >= start }) ?? true else {
            throw .chapters("\(name):\(draft.line): a chapter ends before it begins")
        }
        let longest: Int64 = 36_000_000_000_000
        func microseconds(_ time: Int64) -> Int64? {
            let (numerator, denominator) = draft.unit
            let product = time.multipliedFullWidth(by: numerator * 1_000_000)
            guard product.high < denominator else { return nil }
            let quotient = denominator.dividingFullWidth(product).quotient
            return quotient <= longest ? quotient : nil
        }
        guard let first = microseconds(start), let last = microseconds(draft.end ?? start) else {
            throw .chapters("\(name):\(draft.line): a chapter's time is over 10,000 hours")
        }
        let title = draft.title.flatMap { $0.isEmpty ? nil : $0 } ?? "Chapter \(number)"
        return Chapter(start: first, end: draft.end == nil ? nil : last, title: title)
    }

    /// A key and its value, without the backslashes before special characters.
    private static func parts(_ line: String) -> (key: String, value: String?) {
        var (key, value): (String, String?) = ("", nil)
        var isEscaped = false
        for character in line {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            if character == "=", !isEscaped, value == nil {
                value = ""
            } else if value == nil {
                key.append(character)
            } else {
                value?.append(character)
            }
            isEscaped = false
        }
        return (key, value)
    }
}

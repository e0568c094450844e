import VideoTypes

/// The tags of a YUV4MPEG2 header, each at most once, and what they mean.
struct Y4MTags {
    /// A tag's text after its letter, and where it is.
    struct Tag {
        let text: String
        let offset: Int
    }

    private var tags: [Character: Tag] = [:]
    private var extensions: [Tag] = []

    init(parsing line: [UInt8]) throws(BitstreamError) {
        let rest = line.dropFirst(Y4MHeader.magic.count)
        guard line.starts(with: Y4MHeader.magic), rest.first ?? UInt8(ascii: " ") == UInt8(ascii: " ") else {
            let what = "the stream begins with \"\(Self.printable(line))\""
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "YUV4MPEG2")
        }
        guard line.count <= Y4MHeader.maxLength else {
            let what = "the header line has \(line.count) bytes"
            throw BitstreamError(
                .invalid,
                what,
                at: .byte(Y4MHeader.maxLength),
                expected: "at most \(Y4MHeader.maxLength)"
            )
        }
        for word in rest.split(separator: UInt8(ascii: " ")) { try add(word) }
    }

    private mutating func add(_ word: ArraySlice<UInt8>) throws(BitstreamError) {
        let (letter, tag) = (Character(Unicode.Scalar(word[word.startIndex])), Self.tag(word))
        switch letter {
        case "X":
            extensions.append(tag)
        case "W", "H", "F", "A", "C", "I":
            guard tags.updateValue(tag, forKey: letter) == nil else {
                throw Self.invalid("a second tag \(letter)\(tag.text)", tag, expected: "one")
            }
        default:
            throw Self.invalid("unknown tag \(Self.printable(Array(word)))", tag, expected: "W, H, F, A, C, I or X")
        }
    }

    private static func tag(_ word: ArraySlice<UInt8>) -> Tag {
        Tag(text: printable(Array(word.dropFirst())), offset: word.startIndex)
    }

    /// The bytes as text for people, cut to 40 characters; what is not printable ASCII becomes a dot.
    static func printable(_ bytes: [UInt8]) -> String {
        let text = bytes.prefix(40).map { (0x20...0x7E).contains($0) ? Character(Unicode.Scalar($0)) : "." }
        return String(text)
    }

    private static func invalid(_ what: String, _ tag: Tag, expected: String) -> BitstreamError {
        BitstreamError(.invalid, what, at: .byte(tag.offset), expected: expected)
    }
}

extension Y4MTags {
    package func size() throws(BitstreamError) -> PictureSize {
        PictureSize(width: try side("W"), height: try side("H"))
    }

    private func side(_ letter: Character) throws(BitstreamError) -> Int {
        let expected = "\(letter) and a number in 1...\(PictureSize.limit)"
        guard let tag = tags[letter] else {
            throw BitstreamError(.invalid, "the header has no tag \(letter)", at: .byte(0), expected: expected)
        }
        guard let side = Self.decimal(tag.text), (1...PictureSize.limit).contains(side) else {
            throw Self.invalid("invalid tag \(letter)\(tag.text)", tag, expected: expected)
        }
        return side
    }

    package func frameRate() throws(BitstreamError) -> FrameRate? {
        guard let tag = tags["F"], let (numerator, denominator) = try ratio(tag, "F") else { return nil }
        guard let rate = FrameRate(numerator, denominator) else {
            throw Self.invalid("invalid tag F\(tag.text)", tag, expected: "a rate of at most 10000, or 0:0")
        }
        return rate
    }

    package func pixelAspectRatio() throws(BitstreamError) -> PixelAspectRatio? {
        guard let tag = tags["A"], let (width, height) = try ratio(tag, "A") else { return nil }
        // A side of 0 means unknown, as 0:0 does.
        guard width > 0, height > 0 else { return nil }
        guard let ratio = PixelAspectRatio(width: width, height: height) else {
            throw Self.invalid("invalid tag A\(tag.text)", tag, expected: "two numbers in 1...65535, or 0:0")
        }
        return ratio
    }

    /// Two numbers with a colon between them; `nil` for 0:0.
    private func ratio(_ tag: Tag, _ letter: Character) throws(BitstreamError) -> (Int, Int)? {
        let parts = tag.text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Self.decimal(parts[0]), let second = Self.decimal(parts[1]) else {
            throw Self.invalid("invalid tag \(letter)\(tag.text)", tag, expected: "two numbers, such as \(letter)30:1")
        }
        return (first, second) == (0, 0) ? nil : (first, second)
    }

    /// `C`; without it the older `XYSCSS`, whose values are the same in upper case; without that, `420`.
    package func colorspace() throws(BitstreamError) -> Y4MColorspace {
        let prefix = "YSCSS="
        let older = extensions.first { $0.text.hasPrefix(prefix) }
        guard let tag = tags["C"] ?? older else { return .default }
        let name = tags["C"] == nil ? tag.text.dropFirst(prefix.count).lowercased() : tag.text
        if let known = Y4MColorspace.all[name] { return known }
        let isUnsupported = Y4MColorspace.unsupportedNames.contains { name.hasPrefix($0) }
        throw BitstreamError(
            isUnsupported ? .unsupported : .invalid,
            "\(isUnsupported ? "unsupported" : "unknown") Y4M colorspace C\(name)",
            at: .byte(tag.offset),
            expected: "C420jpeg, C420mpeg2, C420paldv, C420, C422, C444 or Cmono, or C420p10, C420p12 and the like"
        )
    }

    /// `XCOLORRANGE`, as FFmpeg writes it.
    package var fullRange: Bool? {
        extensions.lazy.compactMap { ["COLORRANGE=FULL": true, "COLORRANGE=LIMITED": false][$0.text] }.first
    }

    /// `I`: frames are of two fields, the top or the bottom one first, or some of them are.
    package func isInterlaced() throws(BitstreamError) -> Bool {
        guard let tag = tags["I"], tag.text != "p", tag.text != "?" else { return false }
        guard ["t", "b", "m"].contains(tag.text) else {
            throw Self.invalid("invalid tag I\(tag.text)", tag, expected: "Ip, It, Ib, Im or I?")
        }
        return true
    }

    /// `I`: the bottom field is the first.
    package var isBottomFieldFirst: Bool { tags["I"]?.text == "b" }

    /// A number of at most 10 decimal digits, and nothing else.
    private static func decimal(_ text: some StringProtocol) -> Int? {
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

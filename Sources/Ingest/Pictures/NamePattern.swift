internal import Places

/// A pattern of names: `frame_%04d.png`, or one with `*` for any bytes and `?` for one.
struct NamePattern {
    private enum Kind {
        /// What is before and after the number, and the least number of digits.
        case numbered(before: [UInt8], after: [UInt8], digits: Int)
        case wildcards([UInt8])
    }

    private let kind: Kind

    /// - Parameter name: The last component of a path.
    /// - Returns: `nil` for a name that is not a pattern.
    init?(_ name: FileName) {
        if let numbered = Self.numbered(name.bytes) {
            kind = numbered
        } else if name.bytes.contains(where: { $0 == Self.any || $0 == Self.one }) {
            kind = .wildcards(name.bytes)
        } else {
            return nil
        }
    }

    private static let any = UInt8(ascii: "*")
    private static let one = UInt8(ascii: "?")

    /// `%d` or `%04d`, once.
    private static func numbered(_ bytes: [UInt8]) -> Kind? {
        guard let percent = bytes.firstIndex(of: UInt8(ascii: "%")) else { return nil }
        let width = bytes[(percent + 1)...].prefix(while: \.isDigit)
        let end = percent + 1 + width.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: "d"), width.count <= 3 else { return nil }
        // Like printf: `%4d` pads with blanks, which no file's number has.
        guard width.isEmpty || width.first == UInt8(ascii: "0") else { return nil }
        let digits = Int(String(decoding: width, as: UTF8.self)) ?? 1
        guard digits <= 18 else { return nil }
        return .numbered(before: Array(bytes[..<percent]), after: Array(bytes[(end + 1)...]), digits: max(1, digits))
    }

    /// Where the number of a name is that matches; empty where the pattern does not say which. `nil` for other names.
    func match(_ name: FileName) -> Range<Int>? {
        switch kind {
        case .numbered(let before, let after, let digits):
            let bytes = name.bytes
            guard bytes.count > before.count + after.count, bytes.starts(with: before),
                bytes.suffix(after.count).elementsEqual(after)
            else { return nil }
            let number = before.count..<bytes.count - after.count
            guard bytes[number].allSatisfy(\.isDigit), number.count <= 18, number.count >= digits else { return nil }
            // Longer than padded means that it begins with another digit than 0.
            guard number.count == digits || bytes[number.lowerBound] != UInt8(ascii: "0") else { return nil }
            return number
        case .wildcards(let pattern):
            // As in a shell, a name that begins with a point is hidden.
            guard name.bytes.first != UInt8(ascii: ".") || pattern.first == UInt8(ascii: ".") else { return nil }
            return Self.matches(name.bytes, pattern) ? 0..<0 : nil
        }
    }

    /// Whether bytes match: the last `*` takes one byte more whenever what follows it does not fit.
    private static func matches(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (index, place) = (0, 0)
        var last: (place: Int, index: Int)?
        while index < bytes.count {
            if place < pattern.count, pattern[place] == any {
                last = (place, index)
                place += 1
            } else if place < pattern.count, pattern[place] == one || pattern[place] == bytes[index] {
                (index, place) = (index + 1, place + 1)
            } else if let star = last {
                last = (star.place, star.index + 1)
                (index, place) = (star.index + 1, star.place + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == any }
    }
}

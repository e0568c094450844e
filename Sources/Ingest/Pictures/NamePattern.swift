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

    /// `%d` or `%04d`, once; `%%` is a percent sign beside it.
    private static func numbered(_ bytes: [UInt8]) -> Kind? {
        let percent = UInt8(ascii: "%")
        var (before, rest): ([UInt8], ArraySlice<UInt8>) = ([], bytes[...])
        while let place = rest.firstIndex(of: percent), place + 1 < bytes.count, bytes[place + 1] == percent {
            before += rest[...place]
            rest = rest[(place + 2)...]
        }
        guard let place = rest.firstIndex(of: percent) else { return nil }
        let width = bytes[(place + 1)...].prefix(while: \.isDigit)
        let end = place + 1 + width.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: "d"), width.count <= 3 else { return nil }
        // Like printf: `%4d` pads with blanks, which no file's number has.
        guard width.isEmpty || width.first == UInt8(ascii: "0") else { return nil }
        let digits = Int(String(decoding: width, as: UTF8.self)) ?? 1
        guard digits <= 18 else { return nil }
        var (after, last): ([UInt8], ArraySlice<UInt8>) = ([], bytes[(end + 1)...])
        while let byte = last.popFirst() {
            after.append(byte)
            if byte == percent, last.first == percent { last.removeFirst() }
        }
        return .numbered(before: before + rest[..<place], after: after, digits: max(1, digits))
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
            return Self.isNumber(bytes[number], digits: digits) ? number : nil
        case .wildcards(let pattern):
            // As in a shell, a name that begins with a point is hidden.
            guard name.bytes.first != UInt8(ascii: ".") || pattern.first == UInt8(ascii: ".") else { return nil }
            return Self.matches(name.bytes, pattern) ? 0..<0 : nil
        }
    }

    /// Whether bytes are a number as a pattern has them: longer than padded only if it begins with another digit than 0. The
    /// sign of a negative one counts as a digit, as in printf, or comes before as many.
    private static func isNumber(_ bytes: ArraySlice<UInt8>, digits: Int) -> Bool {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let own = bytes.dropFirst(isNegative ? 1 : 0)
        guard !own.isEmpty, own.count <= 18, own.allSatisfy(\.isDigit) else { return false }
        guard !isNegative || own.contains(where: { $0 != UInt8(ascii: "0") }) else { return false }
        guard own.count != digits, bytes.count != digits else { return true }
        return bytes.count > digits && own.first != UInt8(ascii: "0")
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

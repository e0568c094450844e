internal import Places

/// A name in which a number may be found, for its order.
struct NumberedName: Comparable {
    /// A part of a name.
    enum Part: Comparable, Hashable {
        /// A number, and how many digits it is written with.
        case number(Int, digits: Int)
        /// Everything else.
        case text([UInt8])
        /// A number that counts, whatever it is.
        case counter

        /// It is a number.
        fileprivate var number: Int? { if case .number(let number, _) = self { number } else { nil } }
        /// It is a number, or the text that it is.
        fileprivate var kind: Part { number == nil ? self : .counter }

        static func < (first: Part, second: Part) -> Bool {
            switch (first, second) {
            case (.number(let a, let digits), .number(let b, let others)): (a, digits) < (b, others)
            case (.number, _): true
            case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
            case (.text, _): false
            case (.counter, _): false
            }
        }
    }

    let name: FileName
    /// The number that counts; `nil` without one.
    private(set) var number: Int?
    /// The name without that number: alike in names that count together.
    private(set) var shape: [Part]
    /// Text and numbers by turns.
    private let parts: [Part]
    /// The pattern tells where the number is.
    private let isTold: Bool

    /// - Parameters:
    ///   - name: The name.
    ///   - place: Where its number is; empty if the pattern does not tell.
    init(_ name: FileName, _ place: Range<Int>) {
        let bytes = name.bytes
        (self.name, isTold) = (name, !place.isEmpty)
        guard isTold, let number = Int(String(decoding: bytes[place], as: UTF8.self)) else {
            parts = Self.parts(bytes[...])
            (number, shape) = (nil, parts)
            return
        }
        let counter = Part.number(number, digits: place.count)
        parts = [.text(Array(bytes[..<place.lowerBound])), counter, .text(Array(bytes[place.upperBound...]))]
        (self.number, shape) = (number, [parts[0], .counter, parts[2]])
    }

    /// The name without what its numbers are: names that differ in it do not count together.
    var kinds: [Part] { parts.map(\.kind) }

    /// Finds the numbers that count in names whose pattern does not tell: in names with the same text, the last of those that
    /// differ.
    static func findCounters(_ names: inout [NumberedName]) {
        var (texts, counters): ([[Part]: [Part]], [[Part]: Int]) = ([:], [:])
        for name in names where !name.isTold {
            let kinds = name.kinds
            let first = texts[kinds] ?? name.parts
            texts[kinds] = first
            let last = name.parts.indices.last { name.parts[$0].number != first[$0].number }
            if let last { counters[kinds] = max(last, counters[kinds] ?? 0) }
        }
        for index in names.indices where !names[index].isTold { names[index].count(at: counters) }
    }

    private mutating func count(at counters: [[Part]: Int]) {
        let place = counters[kinds] ?? parts.lastIndex { $0.number != nil }
        guard let place else { return }
        number = parts[place].number
        shape[place] = .counter
    }

    static func < (first: NumberedName, second: NumberedName) -> Bool {
        guard first.parts == second.parts else { return first.parts.lexicographicallyPrecedes(second.parts) }
        return first.name < second.name
    }

    static func == (first: NumberedName, second: NumberedName) -> Bool { first.name == second.name }

    private static func parts(_ bytes: ArraySlice<UInt8>) -> [Part] {
        var (parts, rest): ([Part], ArraySlice<UInt8>) = ([], bytes)
        var text: [UInt8] = []
        while let first = rest.first {
            // A sign has neither a letter nor a number before it: `frame_-003`, but not `take-003`.
            let isSign = first == UInt8(ascii: "-") && !(text.last?.isWord ?? !parts.isEmpty)
            let digits = rest.dropFirst(isSign ? 1 : 0).prefix(while: \.isDigit)
            let number = Int(String(decoding: digits, as: UTF8.self))
            // Numbers of more digits than these are text, and zero has no sign.
            guard let number, digits.count <= 18, !isSign || number != 0 else {
                text += digits.isEmpty || isSign ? [first] : Array(digits)
                rest = rest.dropFirst(digits.isEmpty || isSign ? 1 : digits.count)
                continue
            }
            // There is text before each number, if only an empty one.
            parts += [.text(text), .number(isSign ? -number : number, digits: digits.count)]
            text = []
            rest = rest.dropFirst(digits.count + (isSign ? 1 : 0))
        }
        return parts + [.text(text)]
    }
}

extension UInt8 {
    /// A digit of ASCII.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// A letter or a digit, or a part of a letter outside of ASCII, or a sign.
    fileprivate var isWord: Bool {
        isDigit || self >= 0x80 || self == UInt8(ascii: "-")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}

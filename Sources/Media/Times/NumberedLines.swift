/// The lines of a text that have something in them, with their numbers from 1 on.
///
/// They are taken one at a time: a list of all lines would take many times the text's own size.
package struct NumberedLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var number = 0

    /// The lines of a text.
    package init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next line that has something in it.
    package mutating func next() -> (number: Int, bytes: [UInt8])? {
        while !rest.isEmpty {
            number += 1
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            if !line.allSatisfy(Self.isBlank) { return (number, Array(line)) }
        }
        return nil
    }

    /// Whether a byte is a space, a tab or a carriage return.
    static func isBlank(_ byte: UInt8) -> Bool { [9, 13, 32].contains(byte) }
}

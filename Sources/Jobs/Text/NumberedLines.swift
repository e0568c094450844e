/// The lines of a text that have something in them, with their numbers from 1 on.
///
/// They are taken one at a time: a list of all lines would take many times the text's own size.
package struct NumberedLines: Sequence, IteratorProtocol {
    private let text: [UInt8]
    private var position: Int
    private var number = 0

    /// The lines of a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - start: Where its first line begins. The default is 0.
    package init(_ text: [UInt8], from start: Int = 0) { (self.text, position) = (text, start) }

    /// The next line that has something in it, without the blanks around it.
    package mutating func next() -> (number: Int, bytes: ArraySlice<UInt8>)? {
        while position < text.count {
            number += 1
            var start = position
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
            position = end + 1
            while start < end, Self.isBlank(text[start]) { start += 1 }
            while start < end, Self.isBlank(text[end - 1]) { end -= 1 }
            if start < end { return (number, text[start..<end]) }
        }
        return nil
    }

    /// Whether a byte is a space, a tab or a carriage return.
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}

/// Looks for keys that an object has twice: readers of JSON take the first or the last, so that a text with such means one thing
/// to one program and another to the next (RFC 8259 4).
struct JSONKeys {
    /// A key that is there twice, and the line of the second.
    struct Repeated {
        let key: String
        let line: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// The keys of the objects around the position; `nil` for an array.
    private var objects: [Set<ArraySlice<UInt8>>?] = []

    /// The first key that an object has twice, in a text that is JSON.
    static func repeated(in bytes: [UInt8]) -> Repeated? {
        var keys = JSONKeys(bytes)
        return keys.repeated()
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func repeated() -> Repeated? {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "{"): objects.append([])
            case UInt8(ascii: "["): objects.append(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = objects.popLast()
            case UInt8(ascii: "\""):
                let start = line
                guard let key = key(string()), !insert(key) else { continue }
                return Repeated(key: String(decoding: key, as: UTF8.self), line: start)
            default: continue
            }
        }
        return nil
    }

    /// The rest of a string whose first quotation mark has been read, as it is written.
    private mutating func string() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position, bytes.count)
        defer { position += 1 }
        return bytes[start..<position]
    }

    /// What a string spells, if it is a key: a colon follows.
    private mutating func key(_ written: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        while position < bytes.count, [9, 10, 13, 32].contains(bytes[position]) {
            line += bytes[position] == 10 ? 1 : 0
            position += 1
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return nil }
        guard written.contains(UInt8(ascii: "\\")) else { return written }
        // One key can be written in several ways.
        let quoted = [UInt8(ascii: "\"")] + written + [UInt8(ascii: "\"")]
        return JSON.string(quoted).map { Array($0.utf8)[...] } ?? written
    }

    /// - Returns: Whether the object around it has no such key yet.
    private mutating func insert(_ key: ArraySlice<UInt8>) -> Bool {
        guard var keys = objects.popLast() ?? nil else { return true }
        defer { objects.append(keys) }
        return keys.insert(key).inserted
    }
}

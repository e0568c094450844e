internal import Places

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How Sluice writes JSON: keys in order, slashes as they are.
package enum JSON {
    /// A value in one line, with its line feed.
    package static func line(_ value: some Encodable) -> [UInt8] {
        bytes(value, isPretty: false) + [UInt8(ascii: "\n")]
    }

    /// A value without a line feed after it; in several lines if it is to be pretty.
    package static func text(_ value: some Encodable, isPretty: Bool = false) -> String {
        String(decoding: bytes(value, isPretty: isPretty), as: UTF8.self)
    }

    private static func bytes(_ value: some Encodable, isPretty: Bool) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        // Our own values have no part that cannot be encoded.
        guard let data = try? encoder.encode(value) else { fatalError("\(value) cannot be encoded as JSON") }
        return escaped(Array(data))
    }

    /// Code points that spell bytes of file names are written as escapes: U+10FE80 to U+10FEFF, each four bytes.
    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0xF4) else { return bytes }
        var (escaped, position) = ([UInt8](), 0)
        while position < bytes.count {
            let scalar = String(validating: bytes[position...].prefix(4), as: UTF8.self)?.unicodeScalars.first
            if bytes[position] == 0xF4, let byte = scalar.flatMap(Spelling.byte) {
                // The other half of a surrogate pair for U+10FE00 plus a byte is U+DE00 plus the byte.
                escaped += Array("\\udbff\\ude\(String(byte, radix: 16))".utf8)
                position += 4
            } else {
                escaped.append(bytes[position])
                position += 1
            }
        }
        return escaped
    }

    /// Whether a text has more values than a limit. Its commas and brackets outside of strings are counted before any value is
    /// made.
    package static func hasValues(_ bytes: [UInt8], moreThan limit: Int) -> Bool {
        var (count, isString, isEscaped) = (0, false, false)
        for byte in bytes {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isString
            case UInt8(ascii: "\""): isString.toggle()
            case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): count += isString ? 0 : 1
            default: continue
            }
            if count > limit { return true }
        }
        return false
    }

    /// Reads JSON that comes from a file, a pipe or an argument. All reading goes through here.
    ///
    /// An object that has a key twice is refused.
    package static func read<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Result<Value, ReadFailure> {
        do {
            let value = try JSONDecoder().decode(type, from: Data(bytes))
            guard let repeated = JSONKeys.repeated(in: bytes) else { return .success(value) }
            return .failure(ReadFailure(repeated))
        } catch let error as DecodingError {
            // Either of two values may have been read, so that a repeated key is reported before what is wrong with its value.
            if !error.isOfText, let repeated = JSONKeys.repeated(in: bytes) { return .failure(ReadFailure(repeated)) }
            return .failure(ReadFailure(error))
        } catch {
            return .failure(ReadFailure(reason: "\(error)", namesKey: true, line: nil))
        }
    }

    /// The same for callers that throw the failure.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8]
    ) throws(ReadFailure) -> Value { try read(type, from: bytes).get() }

    /// A string by itself, with its quotation marks.
    package static func string(_ bytes: [UInt8]) -> String? {
        try? JSONDecoder().decode(String.self, from: Data(bytes))
    }

    /// Why something is not the JSON that it should be.
    package struct ReadFailure: Error, CustomStringConvertible {
        /// What is wrong.
        package let reason: String
        /// The reason names a key that is not allowed there.
        package let namesKey: Bool
        /// The line of the fault, if it is known.
        package let line: Int?

        /// What is wrong, and on which line.
        package var description: String { line.map { "line \($0): \(reason)" } ?? reason }

        fileprivate init(reason: String, namesKey: Bool, line: Int?) {
            (self.reason, self.namesKey, self.line) = (reason, namesKey, line)
        }

        fileprivate init(_ repeated: JSONKeys.Repeated) {
            let reason = "the key \"\(repeated.key)\" is repeated"
            self.init(reason: reason, namesKey: true, line: repeated.line)
        }

        fileprivate init(_ error: DecodingError) {
            let (context, what): (DecodingError.Context, String) =
                switch error {
                case .keyNotFound(let key, let context): (context, "\"\(key.stringValue)\" is missing")
                case .typeMismatch(let type, let context): (context, "\(type) was expected")
                case .valueNotFound(let type, let context): (context, "\(type) was expected")
                case .dataCorrupted(let context): (context, context.debugDescription)
                @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "it cannot be read")
                }
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            (namesKey, line) = (false, nil)
            reason = path.isEmpty ? what : "\(path.hasPrefix(".") ? String(path.dropFirst()) : path): \(what)"
        }
    }

    package static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

extension DecodingError {
    /// The text is not JSON, or a number in it is out of range.
    fileprivate var isOfText: Bool {
        if case .dataCorrupted = self { true } else { false }
    }
}

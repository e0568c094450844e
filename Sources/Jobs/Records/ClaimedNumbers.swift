/// A count in a file that somebody may have written by hand: whole, and `0...2^48`, so that those of a whole batch can be added up.
package struct ClaimedCount: Codable, Hashable, Sendable {
    /// The largest count that is taken: 256 TiB of bytes.
    package static let limit = 1 << 48

    /// The count.
    package let value: Int

    /// Reads a number; any other is an error of the file.
    package init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Int.self)
        try Self.check(value, at: decoder.codingPath)
    }

    /// Throws for what is not a count.
    static func check(_ value: Int, at path: [any CodingKey]) throws(DecodingError) {
        guard (0...limit).contains(value) else {
            throw .dataCorrupted(.init(codingPath: path, debugDescription: "\(value) is not in 0...\(limit)"))
        }
    }

    /// Writes the number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

extension KeyedDecodingContainer {
    /// A count.
    func count(_ key: Key) throws -> Int { try decode(ClaimedCount.self, forKey: key).value }

    /// A count that may be missing.
    func countIfPresent(_ key: Key) throws -> Int? { try decodeIfPresent(ClaimedCount.self, forKey: key)?.value }
}

/// A number of seconds in a file that somebody may have written by hand: `0...10^9`, about thirty years.
package struct ClaimedSeconds: Decodable, Hashable, Sendable {
    /// The longest time that is taken, in seconds.
    package static let limit = 1e9

    /// The seconds.
    package let value: Double

    /// Reads a number; any other is an error of the file.
    package init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Double.self)
        guard (0...Self.limit).contains(value) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(value) is not in 0...\(Self.limit)")
            )
        }
    }

    /// So many things in this time, as things a second; 0 where the time is too short to tell.
    package func rate(of count: Int) -> Double { Self.rate(of: count, in: value) }

    /// So many things in a time in seconds, as things a second; 0 where the time is too short to tell.
    package static func rate(of count: Int, in seconds: Double) -> Double {
        seconds > 1e-6 ? Double(count) / seconds : 0
    }
}

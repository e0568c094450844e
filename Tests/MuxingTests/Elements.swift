import Testing

/// The elements of a Matroska file, as RFC 9559 and RFC 8794 have them.
enum Elements {
    static let projectionType: UInt32 = 0x7671
    static let projectionPrivate: UInt32 = 0x7672
    static let poseYaw: UInt32 = 0x7673
    static let poseRoll: UInt32 = 0x7675

    /// From the file to the video's projection.
    private static let path: [UInt32] = [0x1853_8067, 0x1654_AE6B, 0xAE, 0xE0, 0x7670]

    /// The elements of the video's projection, by their IDs; none if it has no projection.
    static func projection(in file: [UInt8]) throws -> [UInt32: [UInt8]] {
        var content = file[...]
        for id in path {
            guard let next = try children(of: content).first(where: { $0.id == id }) else {
                try #require(id == path.last, "there is no element \(String(id, radix: 16))")
                return [:]
            }
            content = next.content
        }
        return Dictionary(uniqueKeysWithValues: try children(of: content).map { ($0.id, Array($0.content)) })
    }

    private static func children(of content: ArraySlice<UInt8>) throws -> [(id: UInt32, content: ArraySlice<UInt8>)] {
        var (rest, children) = (content, [(id: UInt32, content: ArraySlice<UInt8>)]())
        while let first = rest.first {
            let idLength = first.leadingZeroBitCount + 1
            let id = rest.prefix(idLength).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(idLength)
            let sizeLength = try #require(rest.first).leadingZeroBitCount + 1
            let bits = rest.prefix(sizeLength).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let mask = (UInt64(1) << (7 * sizeLength)) - 1
            rest = rest.dropFirst(sizeLength)
            // Of an unknown size, as where the output is a pipe: to the end.
            let size = bits & mask == mask ? rest.count : Int(bits & mask)
            try #require(size <= rest.count, "the element \(String(id, radix: 16)) ends behind its parent")
            children.append((id, rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return children
    }
}

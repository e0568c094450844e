/// The index of an MP4 file: its `moov` box (ISO/IEC 14496-12 8.2.1), which stores where in the file the samples are.
struct MovieIndex {
    /// Boxes that hold boxes, on the way to the tables of places.
    private static let parents: Set<[UInt8]> = Set(["moov", "trak", "mdia", "minf", "stbl"].map { Array($0.utf8) })
    private static let places32 = Array("stco".utf8)
    private static let places64 = Array("co64".utf8)
    private static let headerLength = 8
    /// Version, flags and the number of places.
    private static let tableHeaderLength = 16

    /// The box.
    private let bytes: [UInt8]

    /// The box, as it is in the file.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The box for a file whose samples are moved to let it be in front of them.
    ///
    /// - Parameter room: By how many bytes samples move for a box of a length.
    /// - Returns: `nil` if the box is damaged.
    func inFront(_ room: (_ length: Int) -> Int) -> (box: [UInt8], moved: Int)? {
        let distance = room(bytes.count)
        if let box = rewritten(bytes[...], movingBy: distance, isWide: false) { return (box, distance) }
        // Places that do not fit into 32 bits any more need a longer box, which moves the samples farther.
        guard let length = rewritten(bytes[...], movingBy: 0, isWide: true)?.count else { return nil }
        let farther = room(length)
        return rewritten(bytes[...], movingBy: farther, isWide: true).map { ($0, farther) }
    }

    /// Boxes with every place moved; `nil` if one does not fit, or a box is damaged.
    private func rewritten(_ boxes: ArraySlice<UInt8>, movingBy distance: Int, isWide: Bool) -> [UInt8]? {
        var rest = boxes
        var result: [UInt8] = []
        while !rest.isEmpty {
            guard let length = rest.bigEndian(0, 4), (Self.headerLength...rest.count).contains(length) else {
                return nil
            }
            let box = rest.prefix(length)
            guard let moved = moved(box, by: distance, isWide: isWide) else { return nil }
            result += moved
            rest = rest.dropFirst(length)
        }
        return result
    }

    private func moved(_ box: ArraySlice<UInt8>, by distance: Int, isWide: Bool) -> [UInt8]? {
        let type = Array(box.dropFirst(4).prefix(4))
        switch type {
        case Self.places32: return table(box, ofBytes: 4, movedBy: distance, as: isWide ? 8 : 4)
        case Self.places64: return table(box, ofBytes: 8, movedBy: distance, as: 8)
        default:
            guard Self.parents.contains(type) else { return Array(box) }
            let children = box.dropFirst(Self.headerLength)
            guard let content = rewritten(children, movingBy: distance, isWide: isWide) else { return nil }
            return [UInt8](bigEndian: Self.headerLength + content.count, byteCount: 4) + type + content
        }
    }

    /// A table of places (8.7.5), in numbers of `byteCount` bytes and then of `newCount`.
    private func table(
        _ box: ArraySlice<UInt8>,
        ofBytes byteCount: Int,
        movedBy distance: Int,
        as newCount: Int
    ) -> [UInt8]? {
        guard let count = box.bigEndian(12, 4), box.count == Self.tableHeaderLength + count * byteCount else {
            return nil
        }
        let length = Self.tableHeaderLength + count * newCount
        let type = newCount == 8 ? Self.places64 : Self.places32
        var result = [UInt8](bigEndian: length, byteCount: 4) + type + box.dropFirst(8).prefix(8)
        result.reserveCapacity(length)
        for index in 0..<count {
            guard let place = box.bigEndian(Self.tableHeaderLength + index * byteCount, byteCount) else { return nil }
            let (moved, overflows) = place.addingReportingOverflow(distance)
            guard !overflows, newCount == 8 || moved <= Int(UInt32.max) else { return nil }
            result += [UInt8](bigEndian: moved, byteCount: newCount)
        }
        return result
    }
}

extension Collection<UInt8> {
    /// The number that begins at an offset; `nil` if it ends behind the bytes, or does not fit an `Int`.
    func bigEndian(_ offset: Int, _ byteCount: Int) -> Int? {
        guard offset + byteCount <= count else { return nil }
        return Int(exactly: dropFirst(offset).prefix(byteCount).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

extension [UInt8] {
    /// A number in so many bytes.
    init(bigEndian number: Int, byteCount: Int) {
        self = (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}

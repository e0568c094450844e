/// The place of a picture in presentation order, as stored in the stream.
package enum PictureOrder: Hashable, Sendable {
    /// All pictures before it in the stream are shown before it and before all that follow; the associated value is its
    /// own count.
    case first(Int)
    /// Its count among the pictures since the last first one.
    case count(Int)
}

/// Numbers pictures in presentation order; they come in decoding order.
///
/// A picture's number is known once no picture can come any more that is shown before it: by the bound on reordering that
/// the stream declares, or by the largest that the standards allow.
package struct PresentationOrder: Sendable {
    /// A picture with its number.
    package struct Place: Hashable, Sendable {
        /// The picture's number in decoding order, from 0 on.
        package let picture: Int
        /// Its number in presentation order, from 0 on.
        package let number: Int
    }

    /// Pictures that may come before one that they are shown after.
    package private(set) var depth: Int
    private var waiting: [(picture: Int, count: Int)] = []
    private var lastCount: Int?
    private var pictures = 0
    private var numbered = 0

    /// The largest bound that the standards allow.
    package static let largestDepth = 16

    /// An order without pictures.
    ///
    /// - Parameter depth: The bound on reordering, `0...largestDepth`.
    package init(depth: Int) { self.depth = depth }

    /// Takes the next picture in decoding order.
    ///
    /// - Returns: The pictures whose numbers are known now, in presentation order.
    /// - Throws: ``BitstreamError`` if the picture is shown before one that has its number.
    package mutating func append(_ order: PictureOrder) throws(BitstreamError) -> [Place] {
        var places: [Place] = []
        let count: Int
        switch order {
        case .first(let own):
            places = end()
            (count, lastCount) = (own, nil)
        case .count(let own): count = own
        }
        guard lastCount.map({ count > $0 }) ?? true, !waiting.contains(where: { $0.count == count }) else {
            let what = "picture order count \(count)"
            let expected = "more than \(lastCount ?? count), with at most \(depth) pictures reordered"
            throw BitstreamError(.invalid, what, at: .byte(0), expected: expected)
        }
        let place = waiting.firstIndex { $0.count > count } ?? waiting.endIndex
        waiting.insert((pictures, count), at: place)
        pictures += 1
        while waiting.count > depth { places.append(number()) }
        return places
    }

    /// Ends the stream: returns the pictures that do not have a number yet.
    package mutating func end() -> [Place] {
        var places: [Place] = []
        while !waiting.isEmpty { places.append(number()) }
        return places
    }

    private mutating func number() -> Place {
        let (picture, count) = waiting.removeFirst()
        lastCount = count
        defer { numbered += 1 }
        return Place(picture: picture, number: numbered)
    }
}

/// Where decoding can begin with a unit that is not key.
package enum StreamEntry: Hashable, Sendable {
    /// A recovery point (H.264 D.2.8, H.265 D.3.8): pictures are correct from the one that comes this number of frames later.
    case recoveryPoint(frames: Int)
    /// All of the picture is coded without others. What follows may refer to pictures before it all the same.
    case intra
}

/// Finds the first picture that can be decoded completely, if it is not the stream's first: in a stream that was cut from a
/// longer one, or without key pictures.
///
/// In presentation order, all pictures from that one on are complete. Earlier ones are skipped, or decoded as references and
/// not shown.
package struct StreamStart: Sendable {
    /// Whether a unit is used.
    package enum Use: Hashable, Sendable {
        /// A decoder is not given it.
        case passedOver
        /// It is decoded and not shown.
        case leftOut
        /// It is decoded and shown.
        case shown
    }

    private enum State {
        case searching
        /// Pictures are complete from the one with this number.
        case recovering(frame: Int)
        /// Pictures that are shown before that place are incomplete.
        case leading(before: Int64, areDecoded: Bool, left: Int)
        case steady
    }

    /// Units among which those may be that are shown before the first.
    private static let reach = 64
    /// Units to skip before an intra picture is accepted as an entry point.
    private static let patience = 250

    private var state = State.searching
    /// Units that are not shown.
    package private(set) var unitsMissed = 0
    /// The stream does not begin with a key unit.
    package private(set) var isMidway = false
    /// From the last unit on, pictures are complete: those that were dropped but are shown after it are complete too.
    package private(set) var endsRecovery = false
    /// The times of the dropped pictures.
    private var placesLeftOut: [Int64] = []

    /// At the beginning of a stream.
    package init() {}

    /// Decides whether the next unit with a picture is kept.
    ///
    /// - Parameters:
    ///   - unit: The unit.
    ///   - place: When it is shown, or its count among those of its sequence; `nil` where neither is known.
    package mutating func use(of unit: UnitSummary, at place: Int64?) -> Use {
        endsRecovery = false
        let use = next(unit, place)
        if use != .shown { unitsMissed += 1 }
        return use
    }

    private mutating func next(_ unit: UnitSummary, _ place: Int64?) -> Use {
        if unit.isKey {
            state = .steady
            return .shown
        }
        switch state {
        case .steady: return .shown
        case .searching: return search(unit, place)
        case .recovering(let frame): return recover(unit, place, frame)
        case .leading(let first, let areDecoded, let left):
            state = left > 0 ? .leading(before: first, areDecoded: areDecoded, left: left - 1) : .steady
            guard let place, place < first else { return .shown }
            return areDecoded ? .leftOut : .passedOver
        }
    }

    private mutating func search(_ unit: UnitSummary, _ place: Int64?) -> Use {
        switch unit.entry {
        case .recoveryPoint(let frames) where frames > 0:
            guard let number = unit.frameNumber else { return .passedOver }
            (state, isMidway) = (.recovering(frame: (number.value + frames) % number.modulus), true)
            if let place { placesLeftOut.append(place) }
            return .leftOut
        case .recoveryPoint: return begin(at: place, areDecoded: false)
        case .intra where unitsMissed == 0 || unitsMissed >= Self.patience || unit.hasOneReference:
            return begin(at: place, areDecoded: false)
        case .intra, nil: return .passedOver
        }
    }

    private mutating func recover(_ unit: UnitSummary, _ place: Int64?, _ frame: Int) -> Use {
        guard unit.isReference, unit.frameNumber?.reaches(frame) == true else {
            if let place { placesLeftOut.append(place) }
            return .leftOut
        }
        endsRecovery = true
        if let place { unitsMissed -= placesLeftOut.count { $0 > place } }
        placesLeftOut = []
        return begin(at: place, areDecoded: true)
    }

    private mutating func begin(at place: Int64?, areDecoded: Bool) -> Use {
        isMidway = true
        state = place.map { .leading(before: $0, areDecoded: areDecoded, left: Self.reach) } ?? .steady
        return .shown
    }
}

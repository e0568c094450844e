/// Finds decoded pictures that have changed places, or that all come one too late or too early.
///
/// Coding at a low rate repeats the previous picture, so a single picture that is nearer to its neighbor's source than to its
/// own is not a proof. Two that are nearer to each other's source are, and so are many in a row.
package struct PictureOrderWatch {
    /// Nearer by 6 dB.
    private static let ratio = 4.0
    /// A picture that is off by less than two values of 255 is its own.
    private static let least = 4.0
    /// So many in a row are not a coincidence.
    private static let run = 8

    private var last: (source: PlaneMeans, decoded: PlaneMeans)?
    private var late = 0
    private var early = 0

    /// No picture has come yet.
    package init() {}

    /// Takes the next picture; throws if it, or the one before, is not where it belongs.
    package mutating func add(source: PlaneMeans, decoded: PlaneMeans, frame: Int) throws(VerificationFailure) {
        defer { last = (source, decoded) }
        guard let last else { return }
        let isLate = Self.isNearer(decoded, to: last.source, than: source)
        let isEarly = Self.isNearer(last.decoded, to: source, than: last.source)
        (late, early) = (isLate ? late + 1 : 0, isEarly ? early + 1 : 0)
        guard !(isLate && isEarly) else { throw .order(frame: frame - 1, shows: frame) }
        guard late < Self.run else { throw .order(frame: frame, shows: frame - 1) }
        guard early < Self.run else { throw .order(frame: frame - 1, shows: frame) }
    }

    private static func isNearer(_ decoded: PlaneMeans, to other: PlaneMeans, than own: PlaneMeans) -> Bool {
        let distance = decoded.squaredDistance(to: own)
        return distance >= least && decoded.squaredDistance(to: other) * ratio < distance
    }
}

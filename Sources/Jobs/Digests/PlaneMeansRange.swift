/// The least and the largest mean of each block in several pictures.
package struct PlaneMeansRange {
    private var low: PlaneMeans
    private var high: PlaneMeans

    /// That of one picture.
    package init(_ picture: PlaneMeans) { (low, high) = (picture, picture) }

    /// That of one picture more.
    package func including(_ picture: PlaneMeans) -> PlaneMeansRange {
        var range = self
        range.low.combine(picture) { own, other in own.replacing(with: other, where: other .< own) }
        range.high.combine(picture) { own, other in own.replacing(with: other, where: other .> own) }
        return range
    }

    /// Throws if a picture's blocks are outside the range of the others.
    package func check(_ decoded: PlaneMeans, frame: Int) throws(VerificationFailure) {
        var nearest = decoded
        nearest.combine(low) { own, other in own.replacing(with: other, where: other .> own) }
        nearest.combine(high) { own, other in own.replacing(with: other, where: other .< own) }
        try nearest.check(decoded, frame: frame, slack: 3)
    }
}

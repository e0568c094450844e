internal import Places
internal import Sluice

extension Receipt {
    /// The receipt at a place; `nil` if there is none of this user, or it is of something else.
    static func read(_ place: NamedPlace) -> Receipt? {
        place.ownContents(limit: longest).flatMap { try? JSON.decode(Receipt.self, from: $0) }
    }

    /// What a batch has written says of which configuration it is.
    var isOfBatch: Bool { job.map { $0.configuration.wholeMatch(of: /[0-9a-f]{64}/) != nil } ?? false }
}

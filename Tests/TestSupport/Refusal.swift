/// Why something cannot be done; empty if it can.
public func refusal(of body: () throws -> some Any) -> String {
    do {
        _ = try body()
        return ""
    } catch {
        return "\(error)"
    }
}

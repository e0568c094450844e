/// Numbers for people.
package enum Quantity {
    /// `1 thread`, `2 threads`.
    package static func count(_ number: Int, _ name: String) -> String { "\(number) \(name)\(number == 1 ? "" : "s")" }

    /// `1 of 3 frames is`, `2 of 3 frames are`.
    package static func part(_ number: Int, of all: Int, _ name: String, _ one: String, _ many: String) -> String {
        "\(number) of \(count(all, name)) \(number == 1 ? one : many)"
    }
}

/// The version of edviz.
public let edvizVersion = "0.1.0"

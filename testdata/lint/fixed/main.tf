# resource for xmpps://alice:p@ss@example.com
resource "kubernetes_secret" "xmpp" {
  data = {
    url = "xmpps://alice:${var.password}@${var.host}/bob?name=tf"
    raw = "xmpps://alice:p%40ss@example.com/bob"
  }
}

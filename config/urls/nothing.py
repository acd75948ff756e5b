"""The exchange answers nobody."""

urlpatterns: list[object] = []

"""The addresses of episodes; none says which program or what kind of record."""

from django.urls import path

from clinical.episodes import views

urlpatterns = [
    path("episodes/", views.episodes, name="episodes"),
    path("episodes/<uuid:episode_id>/", views.episode_page, name="episode"),
    path("episodes/<uuid:episode_id>/move/", views.move, name="move_episode"),
    path("episodes/<uuid:episode_id>/close/", views.close, name="close_episode"),
    path("episodes/<uuid:episode_id>/reopen/", views.reopen, name="reopen_episode"),
    path("episodes/<uuid:episode_id>/record/", views.write_record, name="write_record"),
    path("episodes/records/<uuid:record_id>/", views.record_page, name="episode_record"),
    path("episodes/records/<uuid:record_id>/correct/", views.correct_record, name="correct_record"),
    path("clients/<uuid:subject_id>/episodes/", views.client_episodes, name="client_episodes"),
    path("clients/<uuid:subject_id>/episodes/new/", views.open_episode, name="new_episode"),
    path("clients/<uuid:subject_id>/demographics/", views.demographics, name="demographics"),
]

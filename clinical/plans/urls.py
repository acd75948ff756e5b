"""The addresses of needs, plans, goals and reviews."""

from django.urls import path

from clinical.plans import views

urlpatterns = [
    path("clients/<uuid:subject_id>/plan/", views.plan_page, name="plan"),
    path("clients/<uuid:subject_id>/plan/new/", views.new_plan, name="new_plan"),
    path("clients/<uuid:subject_id>/needs/", views.add_need, name="add_need"),
    path("screenings/<uuid:screening_id>/needs/", views.needs_found, name="needs_found"),
    path("needs/<uuid:need_id>/", views.need, name="need"),
    path("plans/<uuid:plan_id>/", views.change_plan, name="change_plan"),
    path("plans/<uuid:plan_id>/end/", views.end_plan, name="end_plan"),
    path("plans/<uuid:plan_id>/goals/", views.add_goal, name="add_goal"),
    path("plans/<uuid:plan_id>/review/", views.review, name="review_plan"),
    path("goals/<uuid:goal_id>/", views.goal, name="goal"),
    path("goals/<uuid:goal_id>/steps/", views.add_step, name="add_step"),
    path("steps/<uuid:step_id>/", views.mark_step, name="mark_step"),
    path("reviews/<uuid:review_id>/", views.review_page, name="review"),
]
